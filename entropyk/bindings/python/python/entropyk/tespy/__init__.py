"""tespy's words for entropyk: networks written for tespy (https://github.com/oemof/tespy, 0.11) run with the import changed.

from entropyk.tespy.networks import Network
from entropyk.tespy.components import Compressor, Condenser, CycleCloser, Valve, ...
from entropyk.tespy.connections import Connection, Ref

What is not supported raises, and names what is.
"""
