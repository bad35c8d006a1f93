// Builds the page for Maven: installs packages when package-lock.json is newer than node_modules, and bundles into
// ../target/classes/ui when a source is newer than that. `node build.mjs test` checks types, lint and unit tests
// instead, unless nothing has changed since they passed. Says nothing when there is nothing to do; prints a command's whole output when it fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import process from 'node:process';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, '..', 'target', 'classes', 'ui', 'index.html');
const checked = join(here, '..', 'target', 'ui-checked');
const installed = join(here, 'node_modules', '.package-lock.json');

function modified(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** The latest change of what the outputs are made from. */
function newestSource(path = here) {
  if (!statSync(path).isDirectory()) return modified(path);
  const skipped = ['node_modules', 'test-results', 'playwright-report', 'dist'];
  return Math.max(
    // A folder is newer when a file in it is gone; this one also when node_modules comes.
    path === here ? 0 : modified(path),
    ...readdirSync(path)
      .filter((name) => !skipped.includes(name))
      .map((name) => newestSource(join(path, name))),
  );
}

function run(command, ...args) {
  const result = spawnSync(command, args, { cwd: here, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status === 0) return result.stdout;
  const why = result.error ? `${result.error.message}. The dashboard needs Node 20.19 or newer and npm.\n` : '';
  process.stderr.write(
    `${command} ${args.join(' ')} failed in ${here}\n${result.stdout ?? ''}${result.stderr ?? ''}${why}`,
  );
  process.exit(1);
}

function install() {
  if (modified(installed) >= modified(join(here, 'package-lock.json'))) return;
  run('npm', 'ci', '--no-audit', '--no-fund');
  const now = new Date();
  utimesSync(installed, now, now);
}

function build() {
  if (modified(output) >= newestSource()) return;
  const told = run('npm', 'run', 'build').split('\n');
  console.log(told.find((line) => line.startsWith('Bundle:')) ?? 'The page is built.');
}

install();
if (process.argv[2] === 'test') {
  if (modified(checked) < newestSource()) {
    for (const script of ['check', 'lint', 'test']) run('npm', 'run', script);
    mkdirSync(dirname(checked), { recursive: true });
    writeFileSync(checked, '');
  }
} else {
  build();
}
