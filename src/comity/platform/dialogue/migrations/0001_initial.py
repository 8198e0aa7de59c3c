import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('parties', '0002_squashed_0007_origins'),
        ('parties', '__first__'),
        ('record', '0001_squashed_0005_payload_withheld'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dialogue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('public', 'Public'), ('members', 'Members'), ('committee', 'Committee'), ('delegation', 'Delegation')], default='public', max_length=10)),
                ('audience', models.CharField(blank=True, default='', max_length=80)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('question', models.JSONField()),
                ('introduction', models.JSONField(default=dict)),
                ('people', models.CharField(choices=[('nobody', 'Nobody'), ('public', 'Public'), ('accounts', 'Accounts'), ('invited', 'Invited'), ('experts', 'Experts')], default='public', max_length=8)),
                ('has_states', models.BooleanField(default=True)),
                ('attribution', models.CharField(choices=[('attributed', 'Attributed'), ('by-group', 'By Group'), ('chatham-house', 'Chatham House')], default='chatham-house', max_length=13)),
                ('maps_states', models.BooleanField(default=False)),
                ('takes_statements', models.BooleanField(default=True)),
                ('least_votes', models.PositiveIntegerField(default=0)),
                ('holds_until_close', models.BooleanField(default=False)),
                ('rule', models.CharField(max_length=300)),
                ('drafted_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('archived_at', models.DateTimeField(null=True)),
                ('next_number', models.PositiveIntegerField(default=1)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dialogues', to='parties.body')),
                ('closing', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('opening', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
            ],
            options={
                'ordering': ['slug'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', ''), ('visibility__in', ['public', 'members'])), models.Q(('audience__startswith', 'committee:'), ('visibility', 'committee')), models.Q(('audience__startswith', 'delegation:'), ('visibility', 'delegation')), _connector='OR'), name='dialogue_dialogue_audience_fits_circle'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('opened_at__isnull', True), ('opening__isnull', True)), models.Q(('closes_at__gt', models.F('opened_at')), ('opened_at__isnull', False), ('opening__isnull', False)), _connector='OR'), name='dialogue_opened_by_an_act'), models.CheckConstraint(condition=models.Q(models.Q(('archived_at__isnull', True), ('closed_at__isnull', True), ('closing__isnull', True)), models.Q(('closed_at__gte', models.F('opened_at')), ('closing__isnull', False)), _connector='OR'), name='dialogue_closed_by_an_act'), models.CheckConstraint(condition=models.Q(('archived_at__isnull', True), ('archived_at__gte', models.F('closed_at')), _connector='OR'), name='dialogue_archived_after_closing'), models.CheckConstraint(condition=models.Q(('has_states', True), models.Q(('people', 'nobody'), _negated=True), _connector='OR'), name='dialogue_asks_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('track', models.CharField(choices=[('states', 'States'), ('people', 'People')], max_length=6)),
                ('way', models.CharField(choices=[('member', 'Member'), ('account', 'Account'), ('code', 'Code'), ('sheet', 'Sheet'), ('imported', 'Imported'), ('erased', 'Erased')], max_length=8)),
                ('pseudonym', models.CharField(max_length=20)),
                ('code_sha256', models.CharField(blank=True, max_length=64)),
                ('region', models.CharField(blank=True, max_length=60)),
                ('came_at', models.DateTimeField()),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='dialogue.dialogue')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.member')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'pseudonym'), name='dialogue_pseudonyms_differ'), models.UniqueConstraint(fields=('dialogue', 'member'), name='dialogue_one_voice_per_member'), models.UniqueConstraint(fields=('dialogue', 'user'), name='dialogue_one_voice_per_account'), models.UniqueConstraint(condition=models.Q(('code_sha256', ''), _negated=True), fields=('dialogue', 'code_sha256'), name='dialogue_one_voice_per_code'), models.CheckConstraint(condition=models.Q(models.Q(('member__isnull', False), ('track', 'states'), ('user__isnull', True), ('way', 'member')), models.Q(('member__isnull', True), ('track', 'people'), ('way__in', ['account', 'code', 'sheet', 'imported', 'erased'])), _connector='OR'), name='dialogue_members_speak_for_states'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'code'), _negated=True), models.Q(('code_sha256', ''), _negated=True), _connector='OR'), name='dialogue_a_code_has_its_digest')],
            },
        ),
        migrations.CreateModel(
            name='Analysis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('track', models.CharField(choices=[('states', 'States'), ('people', 'People')], max_length=6)),
                ('made_at', models.DateTimeField()),
                ('engine', models.CharField(max_length=40)),
                ('votes', models.PositiveIntegerField()),
                ('voices', models.PositiveIntegerField()),
                ('is_final', models.BooleanField(default=False)),
                ('figures', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('order_salt', models.CharField(max_length=64)),
                ('input_sha256', models.CharField(max_length=64)),
                ('act', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='analyses', to='dialogue.dialogue')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('act__isnull', False)), fields=('dialogue', 'track'), name='dialogue_one_result_per_track'), models.CheckConstraint(condition=models.Q(('act__isnull', True), ('is_final', True), _connector='OR'), name='dialogue_only_a_final_result_is_published')],
            },
        ),
        migrations.CreateModel(
            name='GivenCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('given_at', models.DateTimeField()),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='dialogue.dialogue')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'sha256'), name='dialogue_codes_differ')],
            },
        ),
        migrations.CreateModel(
            name='Invitee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField()),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitees', to='dialogue.dialogue')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'user'), name='dialogue_invited_once')],
            },
        ),
        migrations.CreateModel(
            name='OtherView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('track', models.CharField(choices=[('states', 'States'), ('people', 'People')], max_length=6)),
                ('language', models.CharField(max_length=20)),
                ('text', models.CharField(max_length=300)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('statements', models.JSONField(default=list)),
                ('is_checked', models.BooleanField(default=False)),
                ('written_at', models.DateTimeField()),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_views', to='dialogue.dialogue')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Waited',
            fields=[
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='waited', serialize=False, to='dialogue.participant')),
                ('chances', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='SheetBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('place', models.CharField(max_length=120)),
                ('region', models.CharField(blank=True, max_length=60)),
                ('language', models.CharField(max_length=20)),
                ('sheets', models.PositiveIntegerField()),
                ('statements', models.JSONField()),
                ('drawn_from', models.PositiveIntegerField(default=0)),
                ('seed', models.CharField(blank=True, default='', max_length=32)),
                ('made_at', models.DateTimeField()),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='dialogue.dialogue')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'number'), name='dialogue_batch_numbers_differ'), models.CheckConstraint(condition=models.Q(('sheets__gte', 1), ('sheets__lte', 1000)), name='dialogue_a_batch_has_sheets')],
            },
        ),
        migrations.CreateModel(
            name='SheetEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveIntegerField()),
                ('turn', models.PositiveSmallIntegerField()),
                ('answers', models.JSONField()),
                ('entered_at', models.DateTimeField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='dialogue.sheetbatch')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dialogue.participant')),
            ],
            options={
                'ordering': ['batch', 'serial', 'turn'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'serial', 'turn'), name='dialogue_one_entry_per_turn'), models.UniqueConstraint(condition=models.Q(('participant__isnull', False)), fields=('batch', 'serial'), name='dialogue_a_sheet_counts_once'), models.CheckConstraint(condition=models.Q(('serial__gte', 1), ('turn__in', [1, 2, 3])), name='dialogue_three_turns')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('track', models.CharField(blank=True, choices=[('states', 'States'), ('people', 'People')], max_length=6)),
                ('language', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('shown', 'Shown'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=9)),
                ('written_at', models.DateTimeField()),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='statements', to='dialogue.participant')),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='dialogue.dialogue')),
                ('narrows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='narrower', to='dialogue.statement')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('dialogue', 'number'), name='dialogue_statement_numbers_differ'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='dialogue_statements_count_from_one')],
            },
        ),
        migrations.CreateModel(
            name='PreparedAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.SmallIntegerField()),
                ('standing', models.CharField(choices=[('position', 'Position'), ('provisional', 'Provisional')], max_length=11)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('prepared_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(null=True)),
                ('given_at', models.DateTimeField(null=True)),
                ('cleared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dialogue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prepared', to='dialogue.dialogue')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.member')),
                ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prepared', to='dialogue.statement')),
            ],
            options={
                'ordering': ['statement'],
                'constraints': [models.UniqueConstraint(fields=('member', 'statement'), name='dialogue_one_prepared_answer'), models.CheckConstraint(condition=models.Q(('value__in', [-1, 0, 1])), name='dialogue_a_prepared_answer_is_one_of_three')],
            },
        ),
        migrations.CreateModel(
            name='Moderation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('show', 'Show'), ('refuse', 'Refuse')], max_length=6)),
                ('reason', models.CharField(choices=[('fits', 'Fits'), ('off-topic', 'Off Topic'), ('several-ideas', 'Several Ideas'), ('duplicate', 'Duplicate'), ('not-a-statement', 'Not A Statement'), ('insults', 'Insults'), ('personal-data', 'Personal Data'), ('advertising', 'Advertising')], max_length=16)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('hides_text', models.BooleanField(default=False)),
                ('office', models.CharField(max_length=20)),
                ('decided_at', models.DateTimeField()),
                ('appeal', models.CharField(choices=[('none', 'None'), ('waiting', 'Waiting'), ('upheld', 'Upheld'), ('granted', 'Granted')], default='none', max_length=7)),
                ('appeal_text', models.CharField(blank=True, max_length=1000)),
                ('appealed_at', models.DateTimeField(null=True)),
                ('appeal_note', models.CharField(blank=True, max_length=500)),
                ('appeal_office', models.CharField(blank=True, max_length=20)),
                ('appeal_decided_at', models.DateTimeField(null=True)),
                ('appeal_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('duplicates', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='dialogue.statement')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='dialogue.statement')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decision', 'show'), ('reason', 'fits')), models.Q(('decision', 'refuse'), models.Q(('reason', 'fits'), _negated=True)), _connector='OR'), name='dialogue_refused_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('appeal', 'none'), ('appeal_decided_at__isnull', True), ('appealed_at__isnull', True)), models.Q(('appeal', 'waiting'), ('appeal_decided_at__isnull', True), ('appealed_at__isnull', False)), models.Q(('appeal__in', ['upheld', 'granted']), ('appeal_decided_at__isnull', False), ('appealed_at__isnull', False)), _connector='OR'), name='dialogue_an_appeal_has_its_days'), models.CheckConstraint(condition=models.Q(('appeal_by__isnull', True), ('by__isnull', True), models.Q(('appeal_by', models.F('by')), _negated=True), _connector='OR'), name='dialogue_another_decides_an_appeal')],
            },
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probability', models.FloatField()),
                ('chance', models.FloatField()),
                ('rule', models.CharField(max_length=20)),
                ('shown_at', models.DateTimeField()),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='dialogue.participant')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to='dialogue.statement')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('probability__gt', 0), ('probability__lte', 1)), name='dialogue_every_draw_has_its_chance'), models.CheckConstraint(condition=models.Q(('chance__gt', 0), ('chance__lte', models.F('probability'))), name='dialogue_no_chance_above_its_draw')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.SmallIntegerField(null=True)),
                ('standing', models.CharField(choices=[('own', 'Own'), ('position', 'Position'), ('provisional', 'Provisional'), ('awaiting', 'Awaiting')], max_length=11)),
                ('given_at', models.DateTimeField()),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='dialogue.participant')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='dialogue.statement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('participant', 'statement'), name='dialogue_one_answer_per_voice'), models.CheckConstraint(condition=models.Q(models.Q(('standing', 'awaiting'), ('value__isnull', True)), models.Q(models.Q(('standing', 'awaiting'), _negated=True), ('value__in', [-1, 0, 1])), _connector='OR'), name='dialogue_an_answer_is_one_of_three')],
            },
        ),
        migrations.CreateModel(
            name='StatementText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=20)),
                ('text', models.CharField(max_length=720)),
                ('state', models.CharField(choices=[('original', 'Original'), ('machine', 'Machine'), ('checked', 'Checked')], max_length=8)),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='dialogue.statement')),
            ],
            options={
                'ordering': ['statement', 'language'],
                'constraints': [models.UniqueConstraint(fields=('statement', 'language'), name='dialogue_one_text_per_language'), models.UniqueConstraint(condition=models.Q(('state', 'original')), fields=('statement',), name='dialogue_one_original'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', False), ('state', 'checked')), models.Q(models.Q(('state', 'checked'), _negated=True), ('checked_at__isnull', True)), _connector='OR'), name='dialogue_checked_on_a_day')],
            },
        ),
    ]
