"""Whether a fault means that Redis does not answer."""


def is_gone(fault: BaseException) -> bool:
    """Told by the name of its class: commands do without the client of Redis, which takes long to load."""
    return any((each.__module__, each.__name__) == ("redis.exceptions", "RedisError") for each in type(fault).__mro__)
