import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that was started for the run. */
    readonly postgresUrl: string;
  }
}

/** Makes an empty database and gives its address. */
export async function createDatabase(): Promise<string> {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/maya_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`CREATE DATABASE ${nameIn(url)} STRATEGY file_copy`);
  return url.href;
}

/** Removes a database, and the connections of whoever is still at it. */
export async function dropDatabase(url: string): Promise<void> {
  await asAdmin(`DROP DATABASE ${nameIn(new URL(url))} WITH (FORCE)`);
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function nameIn({ pathname }: URL): string {
  return pathname.slice(1);
}
