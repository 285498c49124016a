// The official OpenAI SDK for Node.
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { API_KEY, BASE_URL, GATEWAY, all, check, checkEvents, client as announce, members, untilError } from './cases.mjs';

await announce('openai-node', 'openai');

const openai = new OpenAI({ baseURL: `${BASE_URL}/v1`, apiKey: API_KEY, maxRetries: 0 });
const patient = openai.withOptions({ maxRetries: 2 });
const model = 'gpt-6-sol';
const chat = { model, messages: [{ role: 'user', content: 'Hi' }] };
const response = { model, input: 'Hi' };
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const chatTools = [{ type: 'function', function: { name: 'weather', parameters: schema } }];
const responseTools = [{ type: 'function', name: 'weather', parameters: schema, strict: true }];
const City = z.object({ city: z.string(), days: z.number() });
const told = (directives) => ({ headers: { 'x-mock': directives } });

await check('chat', async () => {
    const { data, request_id } = await openai.chat.completions.create({ ...chat, seed: 7, unknown_member: [1.50, null] })
        .withResponse();
    return { data, request_id };
});

await check('chat streamed, usage not asked for',
    // The gateway asks for it and keeps it; what stays is the member that is null on every other chunk.
    async () => (await all(await openai.chat.completions.create({ ...chat, stream: true })))
        .map((chunk) => ({ ...chunk, usage: chunk.usage ?? undefined })), { edited: true });

await check('chat streamed, usage asked for', async () => {
    const stream = openai.chat.completions.stream({ ...chat, stream_options: { include_usage: true } });
    return { events: (await all(stream)).length, usage: await stream.totalUsage(), end: await stream.finalChatCompletion() };
});

await check('chat with a tool and its result', async () => {
    const first = await openai.chat.completions.create({ ...chat, tools: chatTools });
    const { message } = first.choices[0];
    const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'Sun' };
    const second = await openai.chat.completions.create({
        ...chat, tools: chatTools, messages: [...chat.messages, message, result],
    });
    return [first, second];
});

await check('chat with a streamed tool call', async () => {
    const stream = openai.chat.completions.stream({ ...chat, tools: chatTools, stream_options: { include_usage: true } });
    return stream.finalChatCompletion();
});

await check('chat with structured output', async () => {
    const end = await openai.chat.completions.parse({ ...chat, response_format: zodResponseFormat(City, 'city') });
    return end.choices[0].message.parsed;
});

await check('response', () => openai.responses.create(response));

await check('response streamed', async () => all(await openai.responses.create({ ...response, stream: true })));

await check('response with a tool and its result', async () => {
    const first = await openai.responses.create({ ...response, tools: responseTools });
    const result = { type: 'function_call_output', call_id: first.output[0].call_id, output: 'Sun' };
    const second = await openai.responses.create({
        ...response, tools: responseTools, input: [{ role: 'user', content: 'Hi' }, ...first.output, result],
    });
    return [first, second];
});

await check('response with a streamed tool call', async () => {
    const stream = openai.responses.stream({ ...response, tools: responseTools });
    return { events: (await all(stream)).map((event) => event.type), end: await stream.finalResponse() };
});

await check('response with structured output', async () => {
    const end = await openai.responses.parse({ ...response, text: { format: zodTextFormat(City, 'city') } });
    return end.output_parsed;
});

await check('response that is stored', async () => {
    const { id } = await openai.responses.create({ ...response, metadata: { a: 'b' } });
    const again = await openai.responses.retrieve(id);
    const items = await all(openai.responses.inputItems.list(id));
    const next = await openai.responses.create({ ...response, previous_response_id: id });
    return { again, items, next, deleted: await openai.responses.delete(id) ?? null };
});

await check('response that was deleted', async () => {
    const { id } = await openai.responses.create(response);
    await openai.responses.delete(id);
    return openai.responses.retrieve(id);
}, { fails: true });

await check('response in the background', async () => {
    const { id, status } = await openai.responses.create({ ...response, background: true });
    return { status, again: await openai.responses.retrieve(id), cancelled: await openai.responses.cancel(id) };
});

await check('chat that is stored', async () => {
    const { id } = await openai.chat.completions.create({ ...chat, store: true });
    return {
        again: await openai.chat.completions.retrieve(id),
        messages: await all(openai.chat.completions.messages.list(id)),
        changed: await openai.chat.completions.update(id, { metadata: { a: 'b' } }),
        deleted: await openai.chat.completions.delete(id),
    };
});

await check('compaction', () => openai.responses.compact(response));

await check('input tokens', () => openai.responses.inputTokens.count(response));

await check('embeddings', () => openai.embeddings.create({ model: 'text-embedding-3-small', input: ['Hi', 'there'] }));

await check('embeddings as floats',
    () => openai.embeddings.create({ model: 'text-embedding-3-small', input: 'Hi', encoding_format: 'float', dimensions: 3 }));

// The gateway answers these itself, from its catalogue.
await check('models', async () => members((await all(openai.models.list())).find(({ id }) => id === model)), { own: true });

await check('model', async () => members(await openai.models.retrieve(model)), { own: true });

await check('model that does not exist', async () => {
    const error = await openai.models.retrieve('no-such-model').catch((thrown) => thrown);
    return [error.constructor.name, error.status];
}, { own: true });

await check('429 with retry-after, then an answer',
    () => patient.chat.completions.create(chat, told('status=429,retry-after=1,fails=2')));

await check('429 to the end', () => patient.chat.completions.create(chat, told('status=429,retry-after=1')), { fails: true });

await check('529 to the end', () => patient.responses.create(response, told('status=529')), { fails: true });

await check('503 before a stream, then the stream', async () => all(await patient.chat.completions.create(
    { ...chat, stream: true, stream_options: { include_usage: true } }, told('status=503,fails=1'))));

// A rejected key of the caller's is told as the provider tells it; 401 and 403 to the gateway's own key are not passed on.
await check('bad key', async () => {
    const stranger = openai.withOptions({ apiKey: 'sk-invalid' });
    const error = await stranger.chat.completions.create(chat).catch((thrown) => thrown);
    return [error.constructor.name, error.status, error.code, error.type];
}, { own: true });

for (const status of [400, 404, 409, 413, 422, 500]) {
    await check(`${status}`, () => openai.chat.completions.create(chat, told(`status=${status}`)), { fails: true });
}

await check('model that the provider does not know',
    () => openai.responses.create({ ...response, model: 'no-such-model' }), { fails: true });

await check('error event in a chat', async () => untilError(await openai.chat.completions.create(
    { ...chat, stream: true, stream_options: { include_usage: true } }, told('status=500,after=3'))));

await check('error event in a response',
    async () => untilError(await openai.responses.create({ ...response, stream: true }, told('status=500,after=4'))));

for (const [kind, directives] of [['talking', 'words=100000,chunk-gap=5ms'], ['silent', 'silent,after=4']]) {
    await check(`abort of a ${kind} stream`, async () => {
        const stream = await openai.chat.completions.create(
            { ...chat, stream: true, stream_options: { include_usage: true } }, told(directives));
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
for (const base of ['/v1', '', '/v1/', '/openai/v1']) {
    const other = new OpenAI({ baseURL: BASE_URL + (GATEWAY ? base : '/v1'), apiKey: API_KEY, maxRetries: 0 });
    await check(`base URL ends in '${base}'`, () => other.chat.completions.create(chat));
}

await checkEvents();
