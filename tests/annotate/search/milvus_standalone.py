"""Prepares a real Milvus in a folder and prints how it is started: JSON with `command`, `env` and `port`.

Runs inside an environment that holds the package `milvus` (`reader_envs.MILVUS`), never in the project's own:

    python milvus_standalone.py FOLDER PROGRAMS

Its programs are unpacked into PROGRAMS once, which takes half of the time of a start.
"""

import json
import socket
import sys
from pathlib import Path

from milvus import MilvusServerConfig, _initialize_data_files

_PARTS = ("rootCoord", "proxy", "queryCoord", "queryNode", "indexNode", "dataCoord", "dataNode")


def main(folder: Path, programs: Path) -> None:
    """Write the configuration, with free ports, and tell."""
    config = MilvusServerConfig(data_dir=str(folder))
    for part in _PARTS:
        config.set(f"{part}.ip", "127.0.0.1")
    config.set("common.session.ttl", 300)  # seconds that the machine may stand still before the server gives up
    config.resolve()
    (watched,) = _free_ports(1)
    _initialize_data_files(str(programs))
    told = {
        "command": [str(programs / "bin" / "milvus"), "run", "standalone"],
        "env": {
            "DEPLOY_MODE": "STANDALONE",
            "METRICS_PORT": str(watched),
            "ETCD_CONFIG_PATH": _etcd(folder / "etcd.json"),
            "MILVUS_RUN_DIR": str(folder / "run"),
            "LD_LIBRARY_PATH": str(programs / "bin"),
        },
        "port": config.get("proxy_port"),
    }
    print(json.dumps(told))


def _etcd(file: Path) -> str:
    """Give the store inside of Milvus ports of its own: it has fixed ones, and one server a machine were all."""
    clients, peers = (f"http://127.0.0.1:{port}" for port in _free_ports(2))
    settings = {
        "name": "default",
        "listen-client-urls": clients,
        "advertise-client-urls": clients,
        "listen-peer-urls": peers,
        "initial-advertise-peer-urls": peers,
        "initial-cluster": f"default={peers}",
    }
    file.write_text(json.dumps(settings), "utf-8")  # JSON is YAML as well
    return str(file)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
