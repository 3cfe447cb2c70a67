"""How the workers of a run measure coverage; ``make test`` loads this before anything of the register.

Slipcover takes its probes out of lines that were seen, and looks for them through all that is loaded each time: a
second of the processor, in which a probe is passed thirty million times. At its own measure (50 passes of a line) that
took a quarter of the time of a test. It does not tell its workers another one.
"""

import functools

import slipcover

PASSES = 500_000

slipcover.Slipcover = functools.partial(slipcover.Slipcover, d_miss_threshold=PASSES)
