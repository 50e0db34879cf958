import { beyondSight, causes } from "./diagnose";

/** The page `docs/troubleshooting.md`, from the same table that the doctor goes by. */
export function troubleshootingPage(): string {
  return `# Troubleshooting

<!-- Written by \`npm run troubleshooting\` from doctor/; change it there. -->

ORDS answers every token that it does not take with the same \`401\` and
\`WWW-Authenticate: Bearer realm="Oracle REST Data Services", error="invalid_token"\`, and says no more. This finds the reason:

\`\`\`
npx ords-jwt doctor ENV --url https://HOST/ords/SCHEMA/MODULE/PATH
npx ords-jwt doctor ENV --url ... --token - < FILE    # examines this token
\`\`\`

It goes through the causes below from top to bottom and stops at the first: mend it, and ask again. A
cause whose part cannot be seen, because there are no OCI credentials or no database password, is passed over and named.

${causes.map(section).join("\n")}
## What cannot be seen from outside

When none of this is the cause, what remains is on the side of ORDS:

${beyondSight.map((what) => `- ${what}`).join("\n")}
`;
}

function section({ id, title, looksAt, why, remedy }: (typeof causes)[number]): string {
  return `## ${title[0]?.toUpperCase()}${title.slice(1)}

\`${id}\` · looks at ${looksAt}

**Why:** ${why}.

**Remedy:** ${remedy}
`;
}
