"""LangChain, with its packages for OpenAI (chat and responses) and Anthropic."""

import pydantic
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

from cases import API_KEY, BASE_URL, check, check_events, client, describe

client("langchain", "langchain-openai")


class City(pydantic.BaseModel):
    """A city."""

    city: str
    days: int


@tool
def weather(city: str) -> str:
    """Tells the weather."""
    return f"Sun in {city}"


def openai(**more):
    return ChatOpenAI(model="gpt-6-sol", base_url=f"{BASE_URL}/v1", api_key=API_KEY, **{"max_retries": 0, **more})


def anthropic(**more):
    return ChatAnthropic(
        model="claude-sonnet-5-5", base_url=BASE_URL, api_key=API_KEY, **{"max_tokens": 1000, "max_retries": 0, **more}
    )


SHAPES = {
    "chat": lambda **more: openai(use_responses_api=False, **more),
    "responses": lambda **more: openai(use_responses_api=True, **more),
    "messages": anthropic,
}


def said(message):
    """A message, without the run that LangChain made it in."""
    told = message.model_dump(mode="json")
    return {
        name: told.get(name)
        for name in ("content", "tool_calls", "usage_metadata", "response_metadata", "invalid_tool_calls")
    }


def with_tool(model):
    bound = model.bind_tools([weather])
    turns = [HumanMessage("Hi")]
    first = bound.invoke(turns)
    call = first.tool_calls[0]
    result = ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"])
    return said(first), said(bound.invoke([*turns, first, result]))


def streamed(model):
    whole, pieces = None, 0
    for piece in model.stream("Hi"):
        whole = piece if whole is None else whole + piece
        pieces += 1
    return pieces, said(whole)


def broken(model):
    pieces = 0
    try:
        for _ in model.stream("Hi"):
            pieces += 1
    except Exception as error:  # whatever it is, it is what came of it
        return pieces, describe(error)


def abort(model):
    stream = model.stream("Hi")
    for _ in range(3):
        next(stream)
    stream.close()
    return "closed"


def told(make, directives, **more):
    return make(default_headers={"x-mock": directives}, **more)


for shape, make in SHAPES.items():
    check(shape, lambda: said(make().invoke("Hi")))
    check(f"{shape} streamed", lambda: streamed(make(stream_usage=True)))
    check(f"{shape} with a tool and its result", lambda: with_tool(make()))
    check(f"{shape} with a streamed tool call", lambda: streamed(make(stream_usage=True).bind_tools([weather])))
    check(f"{shape} with structured output", lambda: make().with_structured_output(City).invoke("Hi"))
    check(
        f"{shape}: 429 with retry-after, then an answer",
        lambda: said(told(make, "status=429,retry-after=1,fails=2", max_retries=2).invoke("Hi")),
    )
    check(f"{shape}: 529 to the end", lambda: told(make, "status=529", max_retries=2).invoke("Hi"), fails=True)
    check(f"{shape}: 400", lambda: told(make, "status=400").invoke("Hi"), fails=True)
    check(f"{shape}: error event in the middle", lambda: broken(told(make, "status=500,after=5", stream_usage=True)))
    check(
        f"{shape}: abort of a stream",
        lambda: abort(told(make, "words=100000,chunk-gap=5ms", stream_usage=True, max_tokens=100_000)),
    )

embeddings = OpenAIEmbeddings(
    model="text-embedding-3-small", base_url=f"{BASE_URL}/v1", api_key=API_KEY, check_embedding_ctx_length=False
)
check("embeddings", lambda: embeddings.embed_documents(["Hi", "there"]))
check(
    "tokens counted",
    lambda: anthropic().get_num_tokens_from_messages([HumanMessage("Hi")]),
)

check_events()
