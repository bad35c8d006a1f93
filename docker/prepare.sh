#!/usr/bin/env bash
# Makes what compose.yaml needs and git must not hold, where it is not there yet: .env, the audit's key, the dashboard's token.
set -euo pipefail
cd "$(dirname "$0")"
[ -f .env ] || cp .env.example .env
mkdir -p secrets
# Others of this machine cannot enter the folder; the containers' user must be able to read the files.
chmod 0700 secrets
if [ ! -f secrets/audit-key.pem ]; then
  openssl genpkey -algorithm ed25519 -out secrets/audit-key.pem
  openssl pkey -in secrets/audit-key.pem -pubout -out secrets/audit-key.pub.pem
fi
[ -f secrets/dashboard-token ] || openssl rand -hex 24 >secrets/dashboard-token
chmod 0644 secrets/*
echo "docker/.env and docker/secrets are ready; the dashboard's token is in docker/secrets/dashboard-token"
