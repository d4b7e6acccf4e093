-- A visitor's time outside: since when, and since when they have been expected back in vain. Empty while they are inside.
ALTER TABLE visit ADD COLUMN out_since TEXT;
ALTER TABLE visit ADD COLUMN not_back_since TEXT;
