/** How the catalog calls the teams of Berth. */
export interface GroupNames {
  /** Reference of a team's group, with `{team}` in the place of its name. */
  pattern: string;
  /** Groups of teams that the catalog calls otherwise, by team. */
  byTeam: Readonly<Record<string, string>>;
}

/** The part of Backstage's configuration that is read here. */
interface ConfigLike {
  getOptionalString(key: string): string | undefined;
  getOptional(key: string): unknown;
}

/** Reads `berth.groups`. */
export function readGroupNames(config: ConfigLike): GroupNames {
  return {
    pattern: config.getOptionalString('berth.groups.pattern') ?? 'group:default/{team}',
    byTeam: (config.getOptional('berth.groups.byTeam') ?? {}) as Record<string, string>,
  };
}

/** Returns the reference of a team's group in the catalog. */
export function groupOf(team: string, names: GroupNames): string {
  return names.byTeam[team] ?? names.pattern.replaceAll('{team}', team);
}
