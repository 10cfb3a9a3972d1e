"""Passes Ethernet frames on between two devices, each after a delay; used by two-hosts.sh.

relay.py pass DEVICE DEVICE DELAY_MS   passes frames on until it is ended
relay.py whole DEVICE                  has the device send whole frames with checksums, as a wire would carry them
"""

import array
import collections
import fcntl
import socket
import struct
import sys
import threading
import time

LONGEST = 70_000
PACKET_OUTGOING = 4


def set_whole(device):
    """Turns off what a device leaves to hardware that isn't there: SIOCETHTOOL with checksums, segments of TCP and of anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for setting in (0x17, 0x1F, 0x24):
            value = array.array("I", [setting, 0])
            fcntl.ioctl(control, 0x8946, struct.pack("16sP", device.encode(), value.buffer_info()[0]))


def open_device(device):
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    made.bind((device, 0))
    return made


def pass_on(source, target, seconds):
    waiting = collections.deque()
    arrived = threading.Semaphore(0)

    def receive():
        while True:
            frame, address = source.recvfrom(LONGEST)
            if address[2] != PACKET_OUTGOING:
                waiting.append((time.monotonic() + seconds, frame))
                arrived.release()

    threading.Thread(target=receive, daemon=True).start()
    while True:
        arrived.acquire()
        due, frame = waiting.popleft()
        time.sleep(max(0, due - time.monotonic()))
        target.send(frame)


def main(arguments):
    if arguments[0] == "whole":
        set_whole(arguments[1])
        return
    first, second = open_device(arguments[1]), open_device(arguments[2])
    seconds = float(arguments[3]) / 1000
    threading.Thread(target=pass_on, args=(second, first, seconds), daemon=True).start()
    pass_on(first, second, seconds)


main(sys.argv[1:])
