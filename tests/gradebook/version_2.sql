PRAGMA user_version = 2;
BEGIN TRANSACTION;
CREATE TABLE attempts (
        student TEXT NOT NULL,            -- what tells students apart: an id, a login, a folder's name
        exercise TEXT NOT NULL,
        source_digest TEXT NOT NULL,
        name TEXT NOT NULL,               -- of the student, as people write it
        path TEXT NOT NULL,
        submitted REAL NOT NULL,          -- seconds since 1970
        number INTEGER NOT NULL, seed INTEGER NOT NULL DEFAULT 0, noted REAL NOT NULL DEFAULT 0,          -- orders attempts of one time
        PRIMARY KEY (student, exercise, source_digest)
    ) WITHOUT ROWID;
INSERT INTO "attempts" VALUES('12','double','0992f2f8cc75665f6907a881df9b42e292cff1e392bc7679e2f4cbd325a698d9','Ann Lee','class/Ann Lee_12_assignsubmission_file_/double.py',1.79576889218610930443e+09,0,1,1.79576889348032593726e+09);
INSERT INTO "attempts" VALUES('13','double','aef83ca97b3c87ecd30ce1c74ba8519fe2e21eecfbd6d0f60ab334f5de1d5c38','Bo Ek','class/Bo Ek_13_assignsubmission_file_/double.py',1.79576889218610930443e+09,0,1,1.79576889348032593726e+09);
CREATE TABLE problems (path TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "problems" VALUES('class/Bo Ek_13_assignsubmission_file_/notes.py','no exercise is named ''notes''');
CREATE TABLE results (
        student TEXT NOT NULL,
        exercise TEXT NOT NULL,
        source_digest TEXT NOT NULL,
        suite_digest TEXT NOT NULL,
        seed INTEGER NOT NULL,
        limits TEXT NOT NULL,
        circumstances TEXT NOT NULL,      -- JSON, see grader.grading.provenance; '' where they were not kept
        graded_at REAL NOT NULL,
        status TEXT NOT NULL,
        score REAL,
        max_score REAL NOT NULL,
        report TEXT NOT NULL,
        result TEXT NOT NULL,
        PRIMARY KEY (student, exercise, source_digest, suite_digest, seed, limits, circumstances)
    );
INSERT INTO "results" VALUES('12','double','0992f2f8cc75665f6907a881df9b42e292cff1e392bc7679e2f4cbd325a698d9','a68ebd5e4a1bd3ba9c9502e5cfca36a48d88538ab31c0fe7a897946aeb69dc21',1,'10 s, 120 s, 1024 MiB','{"asked":["double"],"grader":"00844991d87daed8","platform":"Linux x86_64","versions":{"msgpack":"1.2.4","numpy":"2.4.6","pytest":"9.2.0","python":"3.11.7"},"walls":false}',1.79576889474700927733e+09,'graded',100.0,100.0,'double/12-0992f2f8.html','{"exercise":"double","submission":"class/Ann Lee_12_assignsubmission_file_/double.py","student":"12","status":"graded","score":100.0,"max_score":100.0,"seed":1,"duration":0.071144,"checks":[{"id":"test_double","title":"Doubles any number.","status":"passed","score":100.0,"max_score":100.0,"message":"","hint":"","line":null,"duration":0.01075}],"mistakes":[],"not_allowed":[],"remarks":[],"notes":[],"error":"","sandbox":{"confined":true,"layers":[{"name":"privileges","active":true,"stops":"using the rights of root, gaining rights from another program, being read by a debugger","detail":""},{"name":"parent","active":true,"stops":"running on when the grader is gone","detail":""},{"name":"descriptors","active":true,"stops":"reading or writing what the grader, or another submission, has open","detail":""},{"name":"memory","active":true,"stops":"taking the machine''s memory","detail":""},{"name":"limits","active":true,"stops":"computing without end, filling the disk, opening files without number, raising its own limits","detail":""},{"name":"files","active":true,"stops":"reading the tests, the solutions, the home folder or /proc; creating, changing or deleting files","detail":""},{"name":"system calls","active":true,"stops":"starting programs or processes, using the network, sending signals, changing files'' rights","detail":""}]},"environment":{"grader":"0.1.0","python":"3.11.7","numpy":"2.4.6"},"course":{"kind":"open","path":"/course"}}');
INSERT INTO "results" VALUES('13','double','aef83ca97b3c87ecd30ce1c74ba8519fe2e21eecfbd6d0f60ab334f5de1d5c38','a68ebd5e4a1bd3ba9c9502e5cfca36a48d88538ab31c0fe7a897946aeb69dc21',1,'10 s, 120 s, 1024 MiB','{"asked":["double"],"grader":"00844991d87daed8","platform":"Linux x86_64","versions":{"msgpack":"1.2.4","numpy":"2.4.6","pytest":"9.2.0","python":"3.11.7"},"walls":false}',1.79576889475304627419e+09,'graded',0.0,100.0,'double/13-aef83ca9.html','{"exercise":"double","submission":"class/Bo Ek_13_assignsubmission_file_/double.py","student":"13","status":"graded","score":0.0,"max_score":100.0,"seed":1,"duration":0.082022,"checks":[{"id":"test_double","title":"Doubles any number.","status":"failed","score":0.0,"max_score":100.0,"message":"got 5, expected 10","hint":"Multiply by two.","line":1,"duration":0.01074}],"mistakes":[],"not_allowed":[],"remarks":[],"notes":[],"error":"","sandbox":{"confined":true,"layers":[{"name":"privileges","active":true,"stops":"using the rights of root, gaining rights from another program, being read by a debugger","detail":""},{"name":"parent","active":true,"stops":"running on when the grader is gone","detail":""},{"name":"descriptors","active":true,"stops":"reading or writing what the grader, or another submission, has open","detail":""},{"name":"memory","active":true,"stops":"taking the machine''s memory","detail":""},{"name":"limits","active":true,"stops":"computing without end, filling the disk, opening files without number, raising its own limits","detail":""},{"name":"files","active":true,"stops":"reading the tests, the solutions, the home folder or /proc; creating, changing or deleting files","detail":""},{"name":"system calls","active":true,"stops":"starting programs or processes, using the network, sending signals, changing files'' rights","detail":""}]},"environment":{"grader":"0.1.0","python":"3.11.7","numpy":"2.4.6"},"course":{"kind":"open","path":"/course"}}');
COMMIT;
