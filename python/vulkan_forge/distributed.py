"""Frames, posters and tiles on many machines, by `dask.distributed <https://distributed.dask.org>`_ (extra 'dask').

>>> from distributed import Client
>>> import vulkan_forge as vf
>>> client = Client("scheduler:8786")
>>> vf.distributed.poster("/shared/alps.tif", "alps.png", size=(60000, 40000))

Each worker opens the device that it finds; of several GPUs of a machine its workers take one each. A DEM that is named by
its path is read by the workers, who must see the file; any other is sent to each of them once. At most `in_flight` jobs
are begun and not yet handed on, so memory stays bounded. What a worker had under way when it died is done again by another,
`retries` times at most. Files appear whole or not at all. The dashboard shows jobs as ``vulkan_forge_frame``, ``_strip``
and ``_block``. ``vulkan_forge.relief`` needs none of this: it takes dask arrays.
"""

from ._distributed._frames import frames
from ._distributed._poster import poster
from ._distributed._tiles import tiles

__all__ = ["frames", "poster", "tiles"]
