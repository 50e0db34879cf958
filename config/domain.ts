import { z } from "zod";
import { domainUrl, list, ocid, text } from "./fields";
import { licenseTypes } from "./words";

export const domain = z.strictObject({
  /** Compartment that holds the domain. */
  compartmentOcid: ocid,
  /** Must be unique in the tenancy. */
  displayName: text,
  /** @default - says which stack made the domain */
  description: text.optional(),
  /** @default "free" */
  licenseType: z.enum(licenseTypes).optional(),
  /** Keeps the domain off the list on the sign-in page. @default false */
  isHiddenOnLogin: z.boolean().optional(),
  /** Who administers the domain; a change after it was made has no effect. @default - nobody but who makes it */
  adminContact: z
    .strictObject({
      userName: text,
      email: z.email(),
      lastName: text,
      firstName: text.optional(),
      /** Whether the administrator gets a mail. @default true */
      notify: z.boolean().optional(),
    })
    .optional(),
});

export const existingDomain = z
  .strictObject({
    /** OCID of the domain. */
    domainOcid: ocid.optional(),
    /** URL of the domain as the console shows it. */
    domainUrl: domainUrl.optional(),
    /** The environment of this project that makes the domain. Its URL is read from that one's state, which is deployed first. */
    environment: text.optional(),
  })
  .refine((found) => Object.values(found).filter((way) => way !== undefined).length === 1, {
    error: "needs either domainOcid or domainUrl, or environment: one of the three",
  });

export const user = z.strictObject({
  /** What the user signs in with; the `sub` of the user's tokens. */
  userName: text,
  givenName: text,
  familyName: text,
  workEmail: z.email(),
  /** @default - the work email */
  recoveryEmail: z.email().optional(),
  /** Whether the service mails an activation link. @default true */
  activationMail: z.boolean().optional(),
});

export const group = z.strictObject({
  displayName: text,
  /** Keys of `users`. @default [] */
  members: list,
});
