"""Circle: one introduction for each other member, round after round.

The map of the house, from the ground up; a room opens only downwards:

rules/       what is true: plain values in, plain values out; no clock, database or web
formats/     what is read and written: addresses, mail bytes, files of people; plain values, beside the rules
models/      what is remembered: one noun a file
services/    what is done: one function per sentence a member might say; the only room that commits
letters/     what is written: composing apart from posting
web/         what is shown: gate, form, service, answer
worker.py    what happens by itself: one pass does what is due now
serve.py     web and worker in one foreground command
commands/    what operators type, gathered by cli.py: flask circle ...
factory.py   create_app, a short list of named steps

config.py, extensions.py and clock.py are the fittings every room may use.
"""
