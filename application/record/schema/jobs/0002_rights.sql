-- What the application may do with the tables of 0001_procrastinate.sql, which is the
-- library's own schema, byte for byte; a test holds it to the installed version.
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_workers,
    procrastinate_periodic_defers, procrastinate_events TO redress_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA redress_jobs TO redress_app;

-- For each job that it looks at, the library asks for an earlier one of the same lock.
-- Its own index begins with the id, and is read as a whole each time.
CREATE INDEX jobs_of_lock ON procrastinate_jobs (lock, id)
    WHERE status IN ('todo', 'doing');
