import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import express from 'express';

/** What is compared with: the usual way, SQLite on the event loop with the busy timeout that better-sqlite3 comes with. */
const { HISTORY_DB = '', HISTORY_ADDON = '', INTER_TOKEN_LATENCY } = process.env;

const database = new Database(HISTORY_DB, { nativeBinding: HISTORY_ADDON });
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');
database.exec(`
  CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, title TEXT NOT NULL, visit_count INTEGER NOT NULL, last_visited_at INTEGER NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE IF NOT EXISTS page_index USING fts5 (title, url, content = 'pages', content_rowid = 'id');
  CREATE TRIGGER IF NOT EXISTS page_added AFTER INSERT ON pages BEGIN
    INSERT INTO page_index (rowid, title, url) VALUES (new.id, new.title, new.url);
  END;
`);
const upsert = database.prepare(`
  INSERT INTO pages (url, title, visit_count, last_visited_at) VALUES (@url, @title, 1, @now)
  ON CONFLICT (url) DO UPDATE SET title = @title, visit_count = visit_count + 1, last_visited_at = @now`);
const search = database.prepare(
  'SELECT pages.url, pages.title FROM page_index JOIN pages ON pages.id = page_index.rowid WHERE page_index MATCH ? ORDER BY rank LIMIT 20',
);
const record = database.transaction((visits: readonly { url: string; title: string }[]) => {
  for (const visit of visits) upsert.run({ ...visit, now: Date.now() });
});

const app = express();
app.post('/api/history', express.json({ limit: '1mb' }), (req, res) => {
  record.immediate(req.body.visits);
  res.json({ recorded: req.body.visits.length });
});
app.get('/api/history', (req, res) => {
  res.json({ pages: search.all(`"${String(req.query.q)}"`) });
});
app.post('/v1/chat/completions', (_req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' });
  const timer = setInterval(
    () => res.write('data: {"choices":[{"delta":{"content":" token"}}]}\n\n'),
    Number(INTER_TOKEN_LATENCY),
  );
  res.on('close', () => clearInterval(timer));
});
app.use(((_error, _req, res, _next) => {
  res.status(503).json({ error: 'busy' });
}) as express.ErrorRequestHandler);

const server = createServer(app).listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ event: 'listening', port: (server.address() as AddressInfo).port }));
