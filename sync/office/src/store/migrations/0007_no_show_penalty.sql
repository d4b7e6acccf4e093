-- A no-show that was not seen but concluded counts toward no penalty.
ALTER TABLE reservation_news ADD COLUMN no_show_inferred INTEGER NOT NULL DEFAULT 0 CHECK (no_show_inferred IN (0, 1));
UPDATE reservation_news SET no_show_inferred = 1
WHERE no_show_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM record
    WHERE record.kiosk = reservation_news.kiosk AND record.rehearsal = reservation_news.rehearsal AND kind = 'reservation.no_show'
        AND json_extract(body, '$.reservation') = reservation AND json_extract(body, '$.inferred') = 1
);
