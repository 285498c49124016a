// Codex, as it is installed: only its base URL and its key are ours.
import { API_KEY, BASE_URL, check, checkEvents, client } from './cases.mjs';
import { freshFolders, home, run, sorted, withoutTimes } from './tools.mjs';

await client('codex', '@openai/codex');

const quiet = 'check_for_update_on_startup = false\n[analytics]\nenabled = false\n';
const builtIn = `openai_base_url = "${BASE_URL}/v1"\n${quiet}`;
const own = `model_provider = "gateway"\n${quiet}[model_providers.gateway]\nname = "gateway"\n`
    + `base_url = "${BASE_URL}/v1"\nenv_key = "GATEWAY_KEY"\nwire_api = "responses"\n`;

/** One turn, and the items that it consisted of. */
async function codex(config, prompt, args = []) {
    freshFolders({ 'home/.codex/config.toml': config, 'work/notes.txt': 'the-word-in-the-file\n' });
    const { code, out, err } = await run('codex',
        ['exec', '--skip-git-repo-check', '--sandbox', 'workspace-write', '--json', ...args, prompt],
        { CODEX_HOME: `${home}/.codex`, CODEX_API_KEY: API_KEY, GATEWAY_KEY: API_KEY });
    const lines = out.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    const items = lines.filter(({ type }) => type !== 'item.started' && type !== 'thread.started');
    if (code !== 0) {
        throw new Error(`exit code ${code}: ${lines.length ? JSON.stringify(items) : err}`);
    }
    return items;
}

/** It tries a websocket first, which the gateway refuses itself; and no two runs send the same bytes. */
const options = {
    only: ({ method }) => method === 'POST',
    clean: (text) => {
        const { asked, ...outcome } = JSON.parse(text);
        const bodies = asked.map(({ body, ...request }) => ({ ...request, body: sorted(JSON.parse(body)) }));
        return withoutTimes(JSON.stringify({ ...outcome, asked: bodies }))
            .replace(/Chunk ID: [0-9a-f]+/g, 'Chunk ID: #')
            .replace(/Wall time:? [0-9.]+/g, 'Wall time #')
            .replace(/"input_tokens":\d+/g, '"input_tokens":0');
    },
};

await check('runs a command', () => codex(builtIn,
    'Run it.\nx-mock: tool=exec:const r = await tools.exec_command({cmd: "cat notes.txt"}); text(r.output)'),
    { ...options, holds: 'the-word-in-the-file' });

await check('runs a command, as a provider of its own', () => codex(own,
    'Run it.\nx-mock: tool=exec_command:{"cmd":"cat notes.txt"}', ['-m', 'gpt-5.4']), { ...options, holds: 'the-word-in-the-file' });

await check('529, then an answer', () => codex(builtIn, 'Hi\nx-mock: status=529,fails=1'), options);

await check('429', () => codex(builtIn, 'Hi\nx-mock: status=429'), { ...options, fails: true });

await check('error event in the middle', () => codex(builtIn, 'Hi\nx-mock: status=500,after=4'), { ...options, fails: true });

await check('400', () => codex(builtIn, 'Hi\nx-mock: status=400'), { ...options, fails: true });

await checkEvents();
