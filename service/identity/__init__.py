"""How callers prove who they are: tokens of an identity provider, of Backstage, and Berth's own."""
