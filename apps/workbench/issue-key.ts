import { z } from 'zod';

/** As Jira writes it: `AAP-12345`. */
export const IssueKey = z
  .string()
  .max(64)
  .regex(/^[A-Z][A-Z0-9_]*-\d+$/, 'An issue key is a project in capitals, a hyphen and a number, as in AAP-12345.');
