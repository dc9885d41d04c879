"""Becomes another program, detached from whoever started it.

usage: detach.py PROGRAM [ARGUMENT...]

In a session of its own, so that Ctrl-C at a terminal does not reach it; without the files that its
starter has open, whose closing may be waited for; with no signal blocked, so that it can be asked
to stop.
"""

import os
import signal
import sys

os.setsid()
os.closerange(3, os.sysconf("SC_OPEN_MAX"))
signal.pthread_sigmask(signal.SIG_SETMASK, [])
os.execv(sys.argv[1], sys.argv[1:])
