"""Which person stands behind an actor's name, through whichever channel they ask.

One person has several names in the records: `user:kim@example.com` by the identity provider, the same by a
personal token, `user:default/kim via backstage:scaffolder` and `… via service:platform/portal` by a portal.
"""

_VIA = " via "


def joined(person: str, channel: str) -> str:
    """Return the actor's name of a person who asks through a portal."""
    return f"{person}{_VIA}{channel}"


def person_of(actor: str) -> str:
    """Return what is the same in all of a person's names, and of pipelines and the like their own.

    That is the name without its kind, its namespace and its mail domain, in small letters: Backstage names
    whoever signs in by the local part of their address, in small letters
    (https://backstage.io/docs/auth/identity-resolver). Two people whose addresses differ by their domain
    alone are taken for one: an approval too many is asked for rather than one too few.
    """
    name, via, _ = actor.partition(_VIA)
    if via:
        name = name.rpartition(":")[2].rpartition("/")[2]
    elif name.startswith("user:"):
        name = name.removeprefix("user:")
    else:
        return actor
    return name.partition("@")[0].casefold() or name
