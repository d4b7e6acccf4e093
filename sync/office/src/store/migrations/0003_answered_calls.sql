-- So are their answers.
CREATE INDEX record_staff_call_answered ON record (kiosk, rehearsal, id) WHERE kind = 'staff.call_answered';
