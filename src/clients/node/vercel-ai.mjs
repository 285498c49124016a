// The Vercel AI SDK, with its providers for OpenAI (responses and chat) and Anthropic.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { Output, embedMany, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { API_KEY, BASE_URL, GATEWAY, check, checkEvents, client, describe } from './cases.mjs';

await client('vercel-ai', 'ai');

const openai = createOpenAI({ baseURL: `${BASE_URL}/v1`, apiKey: API_KEY });
const anthropic = createAnthropic({ baseURL: `${BASE_URL}/v1`, apiKey: API_KEY });
const models = {
    responses: openai('gpt-6-sol'),
    chat: openai.chat('gpt-6-sol'),
    messages: anthropic('claude-sonnet-5-5'),
};
const weather = tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => `Sun in ${city}`,
});
const schema = z.object({ city: z.string(), days: z.number() });
const told = (directives) => ({ headers: { 'x-mock': directives } });

const said = ({ text, finishReason, usage, warnings, steps }) => ({
    text, finishReason, usage, warnings, steps: steps.map(({ toolCalls, toolResults }) => ({ toolCalls, toolResults })),
});

/** The kinds of the parts, and how the stream ended. */
async function streamed(stream) {
    const parts = [];
    const errors = [];
    for await (const part of stream.fullStream) {
        parts.push(part.type);
        if (part.type === 'error') {
            errors.push(describe(part.error));
        }
    }
    return errors.length
        ? { parts, errors }
        : { parts, text: await stream.text, finishReason: await stream.finishReason, usage: await stream.totalUsage };
}

for (const [shape, model] of Object.entries(models)) {
    const ask = { model, prompt: 'Hi', maxRetries: 0, onError: () => {} };

    await check(`${shape}`, async () => said(await generateText(ask)));

    await check(`${shape} streamed`, () => streamed(streamText(ask)));

    await check(`${shape} with a tool and its result`,
        async () => said(await generateText({ ...ask, tools: { weather }, stopWhen: stepCountIs(2) })));

    await check(`${shape} with a tool, streamed`,
        () => streamed(streamText({ ...ask, tools: { weather }, stopWhen: stepCountIs(2) })));

    await check(`${shape} with structured output`,
        async () => (await generateText({ ...ask, output: Output.object({ schema }) })).output);

    await check(`${shape}: 429 with retry-after, then an answer`, async () => said(
        await generateText({ ...ask, ...told('status=429,retry-after=1,fails=1'), maxRetries: 1 })));

    await check(`${shape}: 529 to the end`,
        () => generateText({ ...ask, ...told('status=529,retry-after=1'), maxRetries: 1 }), { fails: true });

    await check(`${shape}: 400`, () => generateText({ ...ask, ...told('status=400') }), { fails: true });

    await check(`${shape}: error event in the middle`, () => streamed(streamText({ ...ask, ...told('status=529,after=5') })));

    await check(`${shape}: abort of a stream`, async () => {
        const abort = new AbortController();
        const stream = streamText({ ...ask, ...told('words=100000,chunk-gap=5ms'), abortSignal: abort.signal });
        let words = 0;
        let last = '';
        for await (const { type } of stream.fullStream) {
            last = type;
            if (type === 'text-delta' && ++words === 3) {
                abort.abort();
            }
        }
        return last;
    });
}

await check('embeddings', async () => {
    const model = openai.embedding('text-embedding-3-small');
    const { embeddings, usage } = await embedMany({ model, values: ['Hi', 'there'], maxRetries: 0 });
    return { embeddings, usage };
});

// A base URL without /v1 is tolerated, and the provider is asked in its own way.
const base = BASE_URL + (GATEWAY ? '' : '/v1');
await check('messages, base URL without /v1', async () => said(await generateText({
    model: createAnthropic({ baseURL: base, apiKey: API_KEY })('claude-sonnet-5-5'), prompt: 'Hi', maxRetries: 0,
})));
await check('responses, base URL without /v1', async () => said(await generateText({
    model: createOpenAI({ baseURL: base, apiKey: API_KEY })('gpt-6-sol'), prompt: 'Hi', maxRetries: 0,
})));

await checkEvents();
