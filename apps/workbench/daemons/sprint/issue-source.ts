import { z } from 'zod';
import { IssueKey } from '../../issue-key.ts';

const Text = z.string().max(2_000);

/** What a source says of an issue. */
export const SourceIssue = z.object({
  key: IssueKey,
  summary: Text,
  type: Text.optional(),
  priority: Text.optional(),
  /** The source's own word for how far it is. */
  status: Text.optional(),
});
export type SourceIssue = z.infer<typeof SourceIssue>;

/** Where the issues of the sprint come from. */
export interface IssueSource {
  /** As a person calls it. */
  readonly name: string;
  /** The issues that are to be done, in the order of the sprint. @throws {ServiceError} when they cannot be had; nothing is known of them then. */
  read(signal: AbortSignal): Promise<readonly SourceIssue[]>;
}
