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
  };
}
