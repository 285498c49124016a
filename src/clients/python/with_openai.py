"""The official OpenAI SDK for Python."""

import openai
import pydantic

from cases import API_KEY, BASE_URL, GATEWAY, check, check_events, client, describe, members, until_error

client("openai-python", "openai")

sdk = openai.OpenAI(base_url=f"{BASE_URL}/v1", api_key=API_KEY, max_retries=0)
patient = sdk.with_options(max_retries=2)
MODEL = "gpt-6-sol"
CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "Hi"}]}
STREAM = {**CHAT, "stream": True, "stream_options": {"include_usage": True}}
RESPONSE = {"model": MODEL, "input": "Hi"}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False}
CHAT_TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}]
RESPONSE_TOOLS = [{"type": "function", "name": "weather", "parameters": SCHEMA, "strict": True}]


class City(pydantic.BaseModel):
    city: str
    days: int


def told(directives):
    return {"extra_headers": {"x-mock": directives}}


def chat():
    raw = sdk.chat.completions.with_raw_response.create(**CHAT, seed=7, extra_body={"unknown_member": [1.50, None]})
    return raw.parse(), raw.request_id


check("chat", chat)


def without_usage():
    # The gateway asks for it and keeps it; what stays is the member that is null on every other chunk.
    return [chunk.model_dump(exclude_none=True) for chunk in sdk.chat.completions.create(**CHAT, stream=True)]


check("chat streamed, usage not asked for", without_usage, edited=True)
check("chat streamed, usage asked for", lambda: list(sdk.chat.completions.create(**STREAM)))


def chat_tool():
    first = sdk.chat.completions.create(**CHAT, tools=CHAT_TOOLS)
    message = first.choices[0].message
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "Sun"}
    turns = [*CHAT["messages"], message.model_dump(exclude_none=True), result]
    return first, sdk.chat.completions.create(model=MODEL, tools=CHAT_TOOLS, messages=turns)


check("chat with a tool and its result", chat_tool)


def streamed_chat_tool():
    with sdk.chat.completions.stream(**CHAT, tools=CHAT_TOOLS, stream_options={"include_usage": True}) as stream:
        events = [event.type for event in stream]
        return events, stream.get_final_completion()


check("chat with a streamed tool call", streamed_chat_tool)
check(
    "chat with structured output",
    lambda: sdk.chat.completions.parse(**CHAT, response_format=City).choices[0].message.parsed,
)

check("response", lambda: sdk.responses.create(**RESPONSE))
check("response streamed", lambda: list(sdk.responses.create(**RESPONSE, stream=True)))


def response_tool():
    first = sdk.responses.create(**RESPONSE, tools=RESPONSE_TOOLS)
    call = first.output[0]
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "Sun"}
    turns = [{"role": "user", "content": "Hi"}, call.model_dump(exclude_none=True), result]
    return first, sdk.responses.create(model=MODEL, tools=RESPONSE_TOOLS, input=turns)


check("response with a tool and its result", response_tool)


def streamed_response_tool():
    with sdk.responses.stream(**RESPONSE, tools=RESPONSE_TOOLS) as stream:
        events = [event.type for event in stream]
        return events, stream.get_final_response()


check("response with a streamed tool call", streamed_response_tool)
check("response with structured output", lambda: sdk.responses.parse(**RESPONSE, text_format=City).output_parsed)


def stored_response():
    created = sdk.responses.create(**RESPONSE, metadata={"a": "b"})
    again = sdk.responses.retrieve(created.id)
    items = list(sdk.responses.input_items.list(created.id))
    following = sdk.responses.create(**RESPONSE, previous_response_id=created.id)
    sdk.responses.delete(created.id)
    try:
        sdk.responses.retrieve(created.id)
    except openai.NotFoundError as gone:
        return again, items, following, describe(gone)


check("response that is stored, then deleted", stored_response)


def background_response():
    created = sdk.responses.create(**RESPONSE, background=True)
    return created, sdk.responses.retrieve(created.id), sdk.responses.cancel(created.id)


check("response in the background", background_response)


def stored_chat():
    completions = sdk.chat.completions
    created = completions.create(**CHAT, store=True)
    return (
        completions.retrieve(created.id),
        list(completions.messages.list(created.id)),
        completions.update(created.id, metadata={"a": "b"}),
        completions.delete(created.id),
    )


check("chat that is stored", stored_chat)
check("compaction", lambda: sdk.responses.compact(**RESPONSE))
check("input tokens", lambda: sdk.responses.input_tokens.count(**RESPONSE))
check("embeddings", lambda: sdk.embeddings.create(model="text-embedding-3-small", input=["Hi", "there"]))

# The gateway answers these itself, from its catalogue.
check("models", lambda: members(next(model for model in sdk.models.list() if model.id == MODEL)), own=True)
check("model", lambda: members(sdk.models.retrieve(MODEL)), own=True)

check(
    "429 with retry-after, then an answer",
    lambda: patient.chat.completions.create(**CHAT, **told("status=429,retry-after=1,fails=2")),
)
check("429 to the end", lambda: patient.chat.completions.create(**CHAT, **told("status=429,retry-after=1")), fails=True)
check("529 to the end", lambda: patient.responses.create(**RESPONSE, **told("status=529")), fails=True)
check(
    "503 before a stream, then the stream",
    lambda: list(patient.chat.completions.create(**STREAM, **told("status=503,fails=1"))),
)


def bad_key():
    try:
        sdk.with_options(api_key="sk-invalid").chat.completions.create(**CHAT)
    except openai.AuthenticationError as error:
        return error.status_code, error.code, error.type


# A rejected key of the caller's is told as the provider tells it; 401 and 403 to the gateway's own key are not passed on.
check("bad key", bad_key, own=True)

for status in (400, 404, 409, 413, 422, 500):
    check(f"{status}", lambda: sdk.chat.completions.create(**CHAT, **told(f"status={status}")), fails=True)

check(
    "model that the provider does not know",
    lambda: sdk.responses.create(model="no-such-model", input="Hi"),
    fails=True,
)
check(
    "error event in a chat",
    lambda: until_error(sdk.chat.completions.create(**STREAM, **told("status=500,after=3"))),
)
check(
    "error event in a response",
    lambda: until_error(sdk.responses.create(**RESPONSE, stream=True, **told("status=500,after=4"))),
)


def abort(directives):
    with sdk.chat.completions.create(**STREAM, **told(directives)) as stream:
        for _ in range(3):
            next(stream)
    return "closed"


check("abort of a talking stream", lambda: abort("words=100000,chunk-gap=5ms"))
check("abort of a silent stream", lambda: abort("silent,after=4"))

# Tools write a base URL in many ways, and the provider is asked in its own.
for base in ("/v1", "", "/v1/", "/openai/v1"):
    other = openai.OpenAI(base_url=BASE_URL + (base if GATEWAY else "/v1"), api_key=API_KEY, max_retries=0)
    check(f"base URL ends in '{base}'", lambda: other.chat.completions.create(**CHAT))

check_events()
