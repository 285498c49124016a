"""The official Anthropic SDK for Python."""

import anthropic
import pydantic

from cases import API_KEY, BASE_URL, GATEWAY, check, check_events, client, members, until_error

client("anthropic-python", "anthropic")

sdk = anthropic.Anthropic(base_url=BASE_URL, api_key=API_KEY, max_retries=0)
patient = sdk.with_options(max_retries=2)
MODEL = "claude-sonnet-5-5"
ASK = {"model": MODEL, "max_tokens": 1000, "messages": [{"role": "user", "content": "Hi"}]}
TOOLS = [
    {
        "name": "weather",
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
]


class City(pydantic.BaseModel):
    city: str
    days: int


def told(directives):
    return {"extra_headers": {"x-mock": directives}}


def message():
    raw = sdk.messages.with_raw_response.create(**ASK, extra_body={"unknown_member": [1.50, None]})
    return raw.parse(), raw.headers.get("request-id")


check("message", message)
check("message streamed", lambda: list(sdk.messages.create(**ASK, stream=True)))


def put_together():
    with sdk.messages.stream(**ASK) as stream:
        return "".join(stream.text_stream), stream.get_final_message()


check("message streamed and put together", put_together)
check("message cut short", lambda: sdk.messages.create(**{**ASK, "max_tokens": 3}))


def tool():
    first = sdk.messages.create(**ASK, tools=TOOLS)
    result = {"type": "tool_result", "tool_use_id": first.content[0].id, "content": "Sun"}
    turns = [
        *ASK["messages"],
        {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in first.content]},
        {"role": "user", "content": [result]},
    ]
    return first, sdk.messages.create(**{**ASK, "messages": turns}, tools=TOOLS)


check("tool and its result", tool)


def streamed_tool():
    with sdk.messages.stream(**ASK, tools=TOOLS) as stream:
        return [event.type for event in stream], stream.get_final_message()


check("streamed tool call", streamed_tool)
check("structured output", lambda: sdk.messages.parse(**ASK, output_format=City).parsed_output)
check("betas", lambda: sdk.beta.messages.create(**ASK, betas=["context-1m-2025-08-07", "made-up-2030-01-01"]))
check("tokens counted", lambda: sdk.messages.count_tokens(model=MODEL, messages=ASK["messages"], tools=TOOLS))

# The gateway answers these itself, from its catalogue.
check("models", lambda: members(next(model for model in sdk.models.list() if model.id == MODEL)), own=True)
check("model", lambda: members(sdk.models.retrieve(MODEL)), own=True)

check(
    "429 with retry-after, then an answer",
    lambda: patient.messages.create(**ASK, **told("status=429,retry-after=1,fails=2")),
)
check("529 to the end", lambda: patient.messages.create(**ASK, **told("status=529")), fails=True)
check(
    "529 before a stream, then the stream",
    lambda: list(patient.messages.create(**ASK, stream=True, **told("status=529,fails=1"))),
)


def bad_key():
    try:
        sdk.with_options(api_key="sk-invalid").messages.create(**ASK)
    except anthropic.AuthenticationError as error:
        return error.status_code, error.body["error"]["type"]


# A rejected key of the caller's is told as the provider tells it; 401 and 403 to the gateway's own key are not passed on.
check("bad key", bad_key, own=True)

for status in (400, 404, 413, 500, 529):
    check(f"{status}", lambda: sdk.messages.create(**ASK, **told(f"status={status}")), fails=True)

check(
    "model that the provider does not know",
    lambda: sdk.messages.create(**{**ASK, "model": "no-such-model"}),
    fails=True,
)
check(
    "error event in the middle",
    lambda: until_error(sdk.messages.create(**ASK, stream=True, **told("status=529,after=4"))),
)
check(
    "error event at the begin",
    lambda: until_error(sdk.messages.create(**ASK, stream=True, **told("status=529,after=0"))),
)


def abort(directives):
    with sdk.messages.create(**{**ASK, "max_tokens": 100_000}, stream=True, **told(directives)) as stream:
        for _ in range(3):
            next(stream)
    return "closed"


check("abort of a talking stream", lambda: abort("words=100000,chunk-gap=5ms"))
check("abort of a silent stream", lambda: abort("silent,after=5"))

# Tools write a base URL in many ways, and the provider is asked in its own.
for base in ("", "/v1", "/", "/anthropic"):
    other = anthropic.Anthropic(base_url=BASE_URL + (base if GATEWAY else ""), api_key=API_KEY, max_retries=0)
    check(f"base URL ends in '{base}'", lambda: other.messages.create(**ASK))

bearer = anthropic.Anthropic(base_url=BASE_URL, auth_token=API_KEY, max_retries=0)
check("key as auth_token", lambda: bearer.messages.create(**ASK))

check_events()
