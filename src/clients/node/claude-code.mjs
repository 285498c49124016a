// Claude Code, as it is installed: only its base URL and its key are ours.
import { API_KEY, BASE_URL, GATEWAY, check, checkEvents, client } from './cases.mjs';
import { folder, freshFolders, run, withoutTimes } from './tools.mjs';

await client('claude-code', '@anthropic-ai/claude-code');

const quiet = {
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
};

/** One turn, printed. The mock does what a line of the prompt says, as a model would; a tool that is not there is none. */
async function claude(prompt, args = [], base = BASE_URL) {
    freshFolders({ 'work/notes.txt': 'the-word-in-the-file\n' });
    const { code, out, err } = await run('claude', ['-p', prompt, '--output-format', 'json', ...args],
        { ...quiet, ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: API_KEY });
    if (!out.startsWith('{')) {
        throw new Error(`exit code ${code}: ${out} ${err}`);
    }
    const { result, subtype, num_turns, stop_reason, usage, permission_denials, total_cost_usd } = JSON.parse(out);
    if (code !== 0) {
        throw new Error(`exit code ${code}: ${result}`);
    }
    return { result, subtype, num_turns, stop_reason, usage, permission_denials, total_cost_usd };
}

const options = { clean: (text) => withoutTimes(text).replace(/(device_id\W+)[0-9a-f]{64}/g, '$1#') };

await check('runs a command', () => claude(
    'Run it.\nx-mock: tool=Bash:{"command":"cat notes.txt","description":"Show the notes"}',
    ['--allowedTools', 'Bash(cat:*)']), { ...options, holds: 'the-word-in-the-file' });

await check('reads a file', () => claude(
    `Read it.\nx-mock: tool=Read:{"file_path":"${folder}/notes.txt"}`, ['--allowedTools', 'Read']),
    { ...options, holds: 'the-word-in-the-file' });

await check('model by its family name', () => claude('Hi\nx-mock: tool=none', ['--model', 'haiku']), options);

await check('model with a long context', () => claude('Hi\nx-mock: tool=none', ['--model', 'claude-opus-5-5[1m]']), options);

await check('529, then an answer', () => claude('Hi\nx-mock: status=529,fails=1,tool=none'), options);

await check('429 with retry-after, then an answer', () => claude('Hi\nx-mock: status=429,retry-after=1,fails=1,tool=none'), options);

await check('400', () => claude('Hi\nx-mock: status=400,tool=none'), { ...options, fails: true });

await check('base URL ends in /v1', () => claude('Hi\nx-mock: tool=none', [], BASE_URL + (GATEWAY ? '/v1' : '')), options);

await checkEvents();
