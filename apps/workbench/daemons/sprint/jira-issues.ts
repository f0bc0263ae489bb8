import type { Secret } from 'holdfast';
import { z } from 'zod';
import { fetchText } from '../fetch-text.ts';
import { ServiceError } from '../service-error.ts';
import { SourceIssue, type IssueSource } from './issue-source.ts';
import { MOST_ISSUES } from './sprint-limits.ts';

const PAGE = 100;
const MAX_BYTES = 8_000_000;
const FIELDS = ['summary', 'issuetype', 'priority', 'status'];

const Named = z.object({ name: z.string() }).nullish();
const Page = z.object({
  issues: z.array(
    z.object({ key: z.string(), fields: z.object({ summary: z.string().nullish(), issuetype: Named, priority: Named, status: Named }) }),
  ),
  nextPageToken: z.string().nullish(),
});

export interface JiraOptions {
  /** `https://example.atlassian.net`. */
  readonly server: string;
  /** With it the token is an API token of that account, without it a personal access token. */
  readonly email?: string;
  readonly token: Secret;
  /** Which issues, and in which order. */
  readonly jql: string;
}

/** Issues from Jira's REST API, version 3. */
export class JiraIssues implements IssueSource {
  readonly name = 'Jira';
  readonly #options: JiraOptions;

  constructor(options: JiraOptions) {
    this.#options = options;
  }

  async read(signal: AbortSignal): Promise<readonly SourceIssue[]> {
    const issues = new Map<string, SourceIssue>();
    let token: string | undefined;
    do {
      const page = await this.#page(token, signal);
      for (const issue of page.issues) issues.set(issue.key, issue);
      // A server that gives the same page for ever would never end otherwise.
      if (page.next !== undefined && page.next === token) throw new ServiceError('unexpected', 'Jira names the same page as the next one.');
      token = page.next;
    } while (token !== undefined && issues.size < MOST_ISSUES);
    return [...issues.values()].slice(0, MOST_ISSUES);
  }

  async #page(
    nextPageToken: string | undefined,
    signal: AbortSignal,
  ): Promise<{ issues: readonly SourceIssue[]; next: string | undefined }> {
    const { server, email, token, jql } = this.#options;
    const authorization =
      email === undefined ? `Bearer ${token.reveal()}` : `Basic ${Buffer.from(`${email}:${token.reveal()}`).toString('base64')}`;
    const text = await fetchText(new URL('rest/api/3/search/jql', server.endsWith('/') ? server : `${server}/`), {
      service: this.name,
      init: {
        method: 'POST',
        headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({ jql, fields: FIELDS, maxResults: PAGE, ...(nextPageToken !== undefined && { nextPageToken }) }),
      },
      maxBytes: MAX_BYTES,
      signal,
    });
    const page = Page.safeParse(jsonOf(text));
    if (!page.success) throw new ServiceError('unexpected', 'Jira answered something else than a page of issues.', { cause: page.error });
    return { issues: page.data.issues.flatMap(issueOf), next: page.data.nextPageToken ?? undefined };
  }
}

/** What does not look like an issue is left out, so that one odd entry does not hide the others. */
function issueOf({
  key,
  fields: { summary, issuetype, priority, status },
}: z.infer<typeof Page>['issues'][number]): readonly SourceIssue[] {
  const issue = SourceIssue.safeParse({
    key,
    summary: (summary ?? '').slice(0, 2_000),
    ...(issuetype && { type: issuetype.name }),
    ...(priority && { priority: priority.name }),
    ...(status && { status: status.name }),
  });
  return issue.success ? [issue.data] : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
