"""Daily seals over the change history: sealing, verifying, erasing."""
