"""Tests of files of people: each format as its description has it, and each way it goes wrong."""
