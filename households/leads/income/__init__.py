"""The income test of a lead or an application: form, verb, print."""
