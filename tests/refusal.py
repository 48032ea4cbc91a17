"""How every refusal is checked: its exact type, its words, its three parts."""

import pytest
import vulkan_forge as vf


def refused(call, *words, kind=vf.InvalidInputError):
    """`call` raises exactly `kind`, whose message holds `words` and has three parts."""
    # A PanicException is no Exception and goes through.
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the exact type is checked below
        call()
    message = str(caught.value)
    assert type(caught.value) is kind, f"{type(caught.value).__name__}: {message}"
    for word in words:
        assert word in message, message
    told = message.count("; ") >= 2 or all(part in message for part in ("expected", "got", "; "))
    assert told, f"not 'expected; got; cure': {message}"
    return message
