"""The arrays of this room: exact whole numbers, and real numbers only inside the solver."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Narrow = npt.NDArray[np.int32]  # small steps, where there are millions of them
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
