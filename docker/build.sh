#!/usr/bin/env bash
# Builds what the images are made of: build.sh [MAVEN_OPTION...]. The page is built elsewhere, tests are run elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
exec "${MAVEN:-./mvnw}" --batch-mode --no-transfer-progress -q -P '!lint' -Dui.skip -DskipTests -Dspotless.check.skip=true \
  -pl services/standalone -am "$@" package
