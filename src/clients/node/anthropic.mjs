// The official Anthropic SDK for Node.
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import { API_KEY, BASE_URL, GATEWAY, all, check, checkEvents, client as announce, members, untilError } from './cases.mjs';

await announce('anthropic-node', '@anthropic-ai/sdk');

const anthropic = new Anthropic({ baseURL: BASE_URL, apiKey: API_KEY, maxRetries: 0 });
const patient = anthropic.withOptions({ maxRetries: 2 });
const model = 'claude-sonnet-5-5';
const ask = { model, max_tokens: 1000, messages: [{ role: 'user', content: 'Hi' }] };
const tools = [{
    name: 'weather',
    input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}];
const told = (directives) => ({ headers: { 'x-mock': directives } });

await check('message', async () => {
    const { data, request_id } = await anthropic.messages.create({ ...ask, unknown_member: [1.50, null] }).withResponse();
    return { data, request_id };
});

await check('message streamed', async () => all(await anthropic.messages.create({ ...ask, stream: true })));

await check('message streamed and put together', async () => {
    const stream = anthropic.messages.stream(ask);
    return { text: await stream.finalText(), end: await stream.finalMessage(), request_id: stream.request_id };
});

await check('message cut short', () => anthropic.messages.create({ ...ask, max_tokens: 3 }));

await check('tool and its result', async () => {
    const first = await anthropic.messages.create({ ...ask, tools });
    const result = { type: 'tool_result', tool_use_id: first.content[0].id, content: 'Sun' };
    const second = await anthropic.messages.create({
        ...ask,
        tools,
        messages: [...ask.messages, { role: 'assistant', content: first.content }, { role: 'user', content: [result] }],
    });
    return [first, second];
});

await check('streamed tool call', async () => anthropic.messages.stream({ ...ask, tools }).finalMessage());

await check('structured output', async () => {
    const end = await anthropic.messages.parse({
        ...ask, output_config: { format: zodOutputFormat(z.object({ city: z.string(), days: z.number() })) },
    });
    return end.parsed_output;
});

await check('betas', () => anthropic.beta.messages.create({ ...ask, betas: ['context-1m-2025-08-07', 'made-up-2030-01-01'] }));

await check('tokens counted', () => anthropic.messages.countTokens({ model, messages: ask.messages, tools }));

// The gateway answers these itself, from its catalogue.
await check('models', async () => members((await all(anthropic.models.list())).find(({ id }) => id === model)), { own: true });

await check('model', async () => members(await anthropic.models.retrieve(model)), { own: true });

await check('model that does not exist', async () => {
    const error = await anthropic.models.retrieve('no-such-model').catch((thrown) => thrown);
    return [error.constructor.name, error.status, error.type];
}, { own: true });

await check('429 with retry-after, then an answer',
    () => patient.messages.create(ask, told('status=429,retry-after=1,fails=2')));

await check('529 to the end', () => patient.messages.create(ask, told('status=529')), { fails: true });

await check('529 before a stream, then the stream',
    async () => all(await patient.messages.create({ ...ask, stream: true }, told('status=529,fails=1'))));

// A rejected key of the caller's is told as the provider tells it; 401 and 403 to the gateway's own key are not passed on.
await check('bad key', async () => {
    const stranger = anthropic.withOptions({ apiKey: 'sk-invalid' });
    const error = await stranger.messages.create(ask).catch((thrown) => thrown);
    return [error.constructor.name, error.status, error.type];
}, { own: true });

for (const status of [400, 404, 413, 500, 529]) {
    await check(`${status}`, () => anthropic.messages.create(ask, told(`status=${status}`)), { fails: true });
}

await check('model that the provider does not know',
    () => anthropic.messages.create({ ...ask, model: 'no-such-model' }), { fails: true });

await check('error event in the middle',
    async () => untilError(await anthropic.messages.create({ ...ask, stream: true }, told('status=529,after=4'))));

await check('error event at the begin',
    async () => untilError(await anthropic.messages.create({ ...ask, stream: true }, told('status=529,after=0'))));

for (const [kind, directives] of [['talking', 'words=100000,chunk-gap=5ms'], ['silent', 'silent,after=5']]) {
    await check(`abort of a ${kind} stream`, async () => {
        const stream = await anthropic.messages.create({ ...ask, max_tokens: 100_000, stream: true }, told(directives));
        let events = 0;
        for await (const _ of stream) {
            if (++events === 3) {
                stream.controller.abort();
            }
        }
        return { aborted: stream.controller.signal.aborted };
    });
}

// Tools write a base URL in many ways, and the provider is asked in its own.
for (const base of ['', '/v1', '/', '/anthropic']) {
    const other = new Anthropic({ baseURL: BASE_URL + (GATEWAY ? base : ''), apiKey: API_KEY, maxRetries: 0 });
    await check(`base URL ends in '${base}'`, () => other.messages.create(ask));
}

await check('key as authToken', () => new Anthropic({ baseURL: BASE_URL, apiKey: null, authToken: API_KEY, maxRetries: 0 })
    .messages.create(ask));

await checkEvents();
