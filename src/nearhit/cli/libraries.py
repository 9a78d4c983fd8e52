"""`nearhit libraries`: list the libraries with their versions and parameters."""

from typing import Any

from nearhit.plugins.adapter import Adapter
from nearhit.plugins.registry import ADAPTERS, adapters, how_to_install, installed_version
from nearhit.plugins.spec import parameters_of

from .options import JsonOption
from .output import print_broken, print_json, print_table, with_broken_ones


def command(*, as_json: JsonOption = False) -> None:
    """List the libraries: version, licence, capabilities, parameters, installation.

    [bold]Example[/bold]: nearhit libraries --json
    """
    rows = [describe(adapter) for adapter in adapters().values()]
    if as_json:
        print_json(with_broken_ones(rows, ADAPTERS))
        return
    print_table(
        "Libraries",
        ("index", "version", "licence", "exact", "distances", "threads", "device", "parameters"),
        [
            (
                row["name"],
                row["version"] or f"not installed: {_install(row)}",
                row["licence"],
                "yes" if row["exact"] else "no",
                ", ".join(row["distances"]),
                row["threaded"],
                ", ".join(row["devices"]),
                "\n".join(f"{p['name']}={p['default']}  {p['meaning']}" for p in row["parameters"]),
            )
            for row in rows
        ],
    )
    print_broken(ADAPTERS)


def describe(adapter: type[Adapter]) -> dict[str, Any]:
    """Return the description of an adapter, ready for JSON."""
    return {
        "name": adapter.name,
        "package": adapter.package,
        "version": installed_version(adapter),
        "install": how_to_install(adapter),
        "licence": adapter.licence,
        "needs": adapter.needs,
        "exact": adapter.exact,
        "repeatable": adapter.repeatable,
        "distances": list(adapter.distances),
        "threaded": adapter.threaded,
        "devices": list(adapter.devices),
        "parameters": [
            {"name": field.name, "default": field.default, **field.metadata}
            for field in parameters_of(adapter)
        ],
    }


def _install(row: dict[str, Any]) -> str:
    return f"{row['install']} (needs {row['needs']})" if row["needs"] else str(row["install"])
