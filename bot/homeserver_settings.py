"""How a private Synapse is set up: alone, on the loopback interface, and without limits on its users."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PLENTY = {"per_second": 100_000, "burst_count": 100_000}

# Every limit that Synapse knows. The people in a test or a demonstration all come from one address.
LIMITS: dict[str, Any] = {
    "rc_message": PLENTY,
    "rc_registration": PLENTY,
    "rc_registration_token_validity": PLENTY,
    "rc_login": {"address": PLENTY, "account": PLENTY, "failed_attempts": PLENTY},
    "rc_admin_redaction": PLENTY,
    "rc_joins": {"local": PLENTY, "remote": PLENTY},
    "rc_joins_per_room": PLENTY,
    "rc_3pid_validation": PLENTY,
    "rc_invites": {"per_room": PLENTY, "per_user": PLENTY, "per_issuer": PLENTY},
    "rc_third_party_invite": PLENTY,
    "rc_media_create": PLENTY,
    "rc_key_requests": PLENTY,
    "rc_presence": {"per_user": PLENTY},
    "rc_delayed_event_mgmt": PLENTY,
    "rc_reports": PLENTY,
    "rc_room_creation": PLENTY,
    "rc_user_directory": PLENTY,
    "rc_profile": PLENTY,
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
    "disable_existing_loggers": False,
}


def settings(folder: Path, port: int, server_name: str) -> dict[str, Any]:
    """Everything in Synapse's configuration but the secrets."""
    place = folder.resolve()
    return {
        "server_name": server_name,
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "pid_file": str(place / "homeserver.pid"),
        "log_config": str(place / "log.yaml"),
        "signing_key_path": str(place / "signing.key"),
        "media_store_path": str(place / "media"),
        "database": {"name": "sqlite3", "args": {"database": str(place / "homeserver.db")}},
        "listeners": [
            {
                "port": port,
                "bind_addresses": ["127.0.0.1"],
                "type": "http",
                "resources": [{"names": ["client"], "compress": False}],
            }
        ],
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "presence": {"enabled": False},
        "push": {"enabled": False},
        "url_preview_enabled": False,
        "bcrypt_rounds": 4,  # nobody's real password is here, and logging in should be quick
        **LIMITS,
    }
