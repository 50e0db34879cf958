import { causes, notObservable } from "./diagnose";

/** The page `docs/troubleshooting.md`, from the table that the doctor works through. */
export function troubleshootingPage(): string {
  return `# Troubleshooting

<!-- Written by \`npm run docs\` from doctor/; change it there. -->

ORDS answers every token that it does not take with the same \`401\` and
\`WWW-Authenticate: Bearer realm="Oracle REST Data Services", error="invalid_token"\`, and says no more. Other answers say nothing about the token. This finds the reason for either:

\`\`\`
npx ords-jwt doctor ENV --url https://HOST/ords/SCHEMA/MODULE/PATH
npx ords-jwt doctor ENV --url ... --token - < FILE    # examines this token
\`\`\`

It goes through the causes below from top to bottom and stops at the first it finds: fix it, then run the doctor again. A
cause whose part cannot be seen, because there are no OCI credentials or no database password, is passed over and named.

${causes.map(section).join("\n")}
## What cannot be seen from outside

When ORDS answers 401 and none of this is the cause, what remains is on the host of ORDS:

${notObservable.map((what) => `- ${what}`).join("\n")}
`;
}

function section({ id, title, looksAt, why, remedy }: (typeof causes)[number]): string {
  return `## ${title[0]?.toUpperCase()}${title.slice(1)}

\`${id}\` · looks at ${looksAt}

**Why:** ${why}.

**Remedy:** ${remedy}
`;
}
