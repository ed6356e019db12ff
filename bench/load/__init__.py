"""``make load``: hundreds of village cadres at work at once, against the product as ``make run`` starts it."""
