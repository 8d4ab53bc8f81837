"""An invented region with known truth, delivered in the real formats.

The road: `people` and `residence` say who lives where, `adversities` and `life` what happens, `agencies` what
is recorded of it, `records` and `identities` who that is said to be, `files` and `spoil` what the files look
like. `generate` does it all. Nothing here reads real data.
"""
