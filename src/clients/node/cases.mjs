// Runs one case after the other and prints what came of each, one JSON object a line.
//
//   BASE_URL  the provider or the gateway, without /v1      GATEWAY   set when it is the gateway
//   API_KEY   what it wants to see                          MOCK_URL  the mock provider, to ask what it was asked
//                                                           SINK_URL  the event sink behind the gateway
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const { BASE_URL, API_KEY, GATEWAY, MOCK_URL, SINK_URL } = process.env;

const MOST = 150_000;
setTimeout(() => {
    print({ case: 'time', failed: `not done after ${MOST / 1000} s` });
    process.exit(1);
}, MOST).unref();

// These are of the connection, or stop at the gateway, or are its own on the way to the provider.
const NOT_COMPARED = new Set(['host', 'connection', 'keep-alive', 'content-length', 'transfer-encoding',
    'accept-encoding', 'authorization', 'x-api-key']);

const TOLD = /\/(chat\/completions|responses|messages|embeddings)$/;
let told = 0;

/** Says which client this is, once, before its cases. */
export async function client(name, packageName) {
    print({ client: name, version: versionOf(packageName) });
    if (GATEWAY) {
        await fetch(`${SINK_URL}/events`, { method: 'DELETE' });
    }
}

function versionOf(packageName) {
    const require = createRequire(join(process.cwd(), 'node_modules', 'any.js'));
    for (const folder of require.resolve.paths(packageName)) {
        try {
            return JSON.parse(readFileSync(join(folder, packageName, 'package.json'), 'utf8')).version;
        } catch { /* not in this folder */ }
    }
    return '?';
}

/**
 * Runs one case. What it returns, what it throws, and what the provider was asked are its outcome.
 * Options: `fails` where it is to throw; `edited` where the gateway is meant to edit the request; `own` where it answers
 * itself; `only` the requests that count; `holds` what the last one must bring; `clean` takes out what the client itself
 * varies from run to run.
 */
export async function check(name, act, options = {}) {
    const { fails = false, edited = false, own = false, only = () => !own, holds = '', clean = (text) => text } = options;
    await fetch(`${MOCK_URL}/requests`, { method: 'DELETE' });
    const outcome = {};
    try {
        outcome.answer = await act();
    } catch (error) {
        outcome.error = describe(error);
    }
    const requests = (await settled()).filter(only);
    told += requests.filter((request) => request.method === 'POST' && TOLD.test(request.path)).length;
    outcome.asked = requests.map((request) => ({
        request: `${request.method} ${request.path}${request.query ? `?${request.query}` : ''}`,
        ending: request.ending,
        headers: headersOf(request),
        ...(edited ? {} : { body: request.body }),
    }));
    if (fails !== ('error' in outcome)) {
        print({ case: name, failed: `was ${fails ? '' : 'not '}to fail: ${JSON.stringify(outcome.answer ?? outcome.error)}` });
        return;
    }
    if (holds && !requests.at(-1)?.body.includes(holds)) {
        print({ case: name, failed: `the last request does not hold '${holds}'` });
        return;
    }
    print({ case: name, outcome: JSON.parse(withoutIds(clean(JSON.stringify(outcome)))) });
}

/** Every call that costs money is one event: as many as the provider was asked, however each ended. */
export async function checkEvents() {
    print({ case: 'events', outcome: { events: GATEWAY ? await events(told) : told } });
}

async function events(wanted) {
    for (let tries = 0; ; tries++) {
        const { length } = await (await fetch(`${SINK_URL}/events`)).json();
        if (length >= wanted || tries === 100) {
            return length;
        }
        await sleep(100);
    }
}

/** What the mock was asked since the case began, once it knows how each answer ended. */
async function settled() {
    for (let tries = 0; ; tries++) {
        const requests = await (await fetch(`${MOCK_URL}/requests`)).json();
        if (tries === 50 || requests.every((request) => request.ending !== 'open')) {
            return requests;
        }
        await sleep(100);
    }
}

function headersOf(request) {
    const lines = request.headers
        .map(({ name, value }) => [name.toLowerCase(), value])
        .filter(([name]) => !NOT_COMPARED.has(name))
        .map(([name, value]) => `${name}: ${value}`);
    return lines.sort();
}

/** The mock's serial names, numbered as they appear, so that a call and its result still belong together. */
function withoutIds(text) {
    const seen = new Map();
    return text.replace(/mock[0-9a-f]{20}/g, (id) => {
        seen.set(id, seen.get(id) ?? `mock#${seen.size + 1}`);
        return seen.get(id);
    });
}

export function describe(error) {
    const told = { class: error?.constructor?.name, message: String(error?.message).replaceAll(BASE_URL, 'BASE') };
    for (const member of ['status', 'statusCode', 'code', 'type', 'param', 'requestID', 'isRetryable', 'reason', 'error',
        'responseBody']) {
        if (error?.[member] !== undefined) {
            told[member] = error[member];
        }
    }
    const retryAfter = error?.headers?.get?.('retry-after') ?? error?.responseHeaders?.['retry-after'];
    if (retryAfter) {
        told.retryAfter = retryAfter;
    }
    if (error?.lastError) {
        told.lastError = describe(error.lastError);
    }
    return told;
}

/** All that an async iterable brings. */
export async function all(iterable) {
    const items = [];
    for await (const item of iterable) {
        items.push(item);
    }
    return items;
}

/** The first items, and what was thrown at the end. */
export async function untilError(iterable) {
    const items = [];
    try {
        for await (const item of iterable) {
            items.push(item);
        }
    } catch (error) {
        return { events: items.length, error: describe(error) };
    }
    return { events: items.length };
}

/** The names of what an object has: of a model that the gateway lists itself only these are the provider's. */
export function members(object) {
    return Object.keys(object).filter((name) => !name.startsWith('_')).sort();
}

export function sleep(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function print(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}
