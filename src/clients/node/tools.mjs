// Runs a command line tool in a home and a folder of its own.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PATIENCE = 60_000;
const BINARIES = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', '.bin');

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => process.exit(143));
}
process.on('exit', () => running.forEach((end) => end()));

/** The same folder on both sides, so that what a tool says of its surroundings is the same too. */
const root = join(process.env.SCRATCH, 'tool');
export const home = join(root, 'home');
export const folder = join(root, 'work');
const temporary = join(root, 'tmp');

export function freshFolders(files = {}) {
    rmSync(root, { recursive: true, force: true });
    mkdirSync(home, { recursive: true, mode: 0o700 });
    mkdirSync(folder, { recursive: true });
    mkdirSync(temporary, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, name), text);
    }
}

/** Nothing of the caller's environment but the path reaches the tool. */
export function run(binary, args, env) {
    return new Promise((resolve, reject) => {
        const child = spawn(join(BINARIES, binary), args, {
            cwd: folder,
            env: { PATH: process.env.PATH, HOME: home, TMPDIR: temporary, TZ: 'UTC', LANG: 'C.UTF-8', ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
            detached: true,
        });
        // A tool has children of its own; the group ends as one.
        const end = () => {
            try {
                process.kill(-child.pid, 'SIGKILL');
            } catch { /* it has ended */ }
        };
        const late = setTimeout(end, PATIENCE);
        running.add(end);
        const out = [];
        const err = [];
        child.stdout.on('data', (data) => out.push(data));
        child.stderr.on('data', (data) => err.push(data));
        child.on('error', reject);
        child.on('close', (code, signal) => {
            clearTimeout(late);
            end();
            running.delete(end);
            resolve({ code: code ?? signal, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
        });
    });
}

/** With the members of every object in one order, for tools that send them in any. */
export function sorted(value) {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    return value && typeof value === 'object'
        ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]))
        : value;
}

/** Takes out what a tool makes anew at every start: names, times, and how long something took. */
export function withoutTimes(text) {
    const seen = new Map();
    return text
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
            seen.set(id, seen.get(id) ?? `uuid#${seen.size + 1}`);
            return seen.get(id);
        })
        .replace(/(\\*"(?:create_time|turn_started_at_unix_ms|duration_ms|[a-z_]*_ms)\\*": ?)[0-9.]+/g, '$10');
}
