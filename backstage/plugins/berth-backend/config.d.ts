export interface Config {
  /** Berth, which makes ECS and EKS environments. */
  berth: {
    /** Its address, as this backend reaches it. */
    baseUrl: string;
    /**
     * A service token of Berth that may forward users.
     * @visibility secret
     */
    token?: string;
    /** How the catalog calls Berth's teams: who is a member may extend the team's environments. */
    groups?: {
      /** Reference of a team's group, `{team}` standing for its name. Default: `group:default/{team}`. */
      pattern?: string;
      /** Groups of teams that are called otherwise, by team. */
      byTeam?: { [team: string]: string };
    };
  };
}
