/** The ORDS settings that govern JWT profiles, by their ORDS names. Durations are in seconds, sizes in bytes. */
export interface JwtSettings {
  /** Feature switch; off means that no token is accepted. @default true */
  "security.jwt.profile.enabled": boolean;
  /** Largest JWKS body. @default 100000 */
  "security.jwks.size": number;
  /** @default 5 */
  "security.jwks.connection.timeout": number;
  /** Longest silence while reading the JWKS. @default 5 */
  "security.jwks.read.timeout": number;
  /** Shortest time between two fetches of the same JWKS. @default 10 */
  "security.jwks.refresh.interval": number;
  /** Clock tolerance of a profile that has none of its own (NULL). @default 0 */
  "security.jwt.allowed.skew": number;
  /** Largest age of a token for a profile that has none of its own (NULL); negative: no limit. @default -1 */
  "security.jwt.allowed.age": number;
}

export const defaultJwtSettings: JwtSettings = {
  "security.jwt.profile.enabled": true,
  "security.jwks.size": 100_000,
  "security.jwks.connection.timeout": 5,
  "security.jwks.read.timeout": 5,
  "security.jwks.refresh.interval": 10,
  "security.jwt.allowed.skew": 0,
  "security.jwt.allowed.age": -1,
};
