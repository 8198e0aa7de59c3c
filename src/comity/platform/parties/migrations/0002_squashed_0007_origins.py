"""What was added to parties in six steps, in one, for a new instance; one that has made some of them goes on with the rest.

Left out: what 0004 and 0006 mended in accounts that were there before, since a new instance has none. 0001 stands apart,
because the tables of addresses stand between it and these.
"""

import comity.platform.parties.models.accounts
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('parties', '0002_bodies_delegations'), ('parties', '0003_mail_headers'), ('parties', '0004_addresses'), ('parties', '0005_submission_versions'), ('parties', '0006_small_letters'), ('parties', '0007_origins')]

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('parties', '0001_initial'),
        ('record', '0005_payload_withheld'),
    ]

    operations = [
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('kind', models.CharField(choices=[('assembly', 'Assembly'), ('committee', 'Committee'), ('group', 'Group')], max_length=10)),
                ('names', models.JSONField()),
                ('proxy_rule', models.CharField(blank=True, max_length=300)),
                ('organisation_rule', models.CharField(blank=True, max_length=300)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='parties.body')),
            ],
            options={
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'assembly'), ('parent__isnull', True)), models.Q(models.Q(('kind', 'assembly'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='parties_only_an_assembly_stands_alone'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='parties_body_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('renewed_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='DigestChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('when', models.CharField(choices=[('day', 'Day'), ('due', 'Due'), ('never', 'Never')], default='due', max_length=6)),
                ('at', models.TimeField()),
                ('last_for', models.DateField(null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='digest', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('kind', models.CharField(choices=[('state', 'State'), ('organisation', 'Organisation')], default='state', max_length=12)),
                ('names', models.JSONField()),
                ('country', models.CharField(blank=True, max_length=3)),
                ('region', models.CharField(blank=True, max_length=60)),
                ('is_fictional', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['slug'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('country', ''), _negated=True), fields=('country',), name='parties_one_member_per_country'), models.CheckConstraint(condition=models.Q(('kind', 'state'), ('country', ''), _connector='OR'), name='parties_an_organisation_is_no_country')],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('covers_parts', models.BooleanField(default=True)),
                ('holder', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(choices=[('head', 'Head'), ('delegate', 'Delegate'), ('alternate', 'Alternate'), ('adviser', 'Adviser')], max_length=10)),
                ('may_clear', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('provisional', 'Provisional'), ('full', 'Full')], max_length=12)),
                ('awaited', models.CharField(blank=True, max_length=200)),
                ('awaited_by', models.DateField(null=True)),
                ('letter', models.CharField(blank=True, max_length=120)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='parties.body')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='credentials', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='parties.member')),
            ],
            options={
                'ordering': ['member', 'body', 'role', 'pk'],
                'indexes': [models.Index(fields=['user'], name='parties_cre_user_id_b2639f_idx'), models.Index(fields=['member', 'body'], name='parties_cre_member__8ab55e_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='parties_credential_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('awaited', ''), ('awaited_by__isnull', True), ('state', 'full')), models.Q(('state', 'provisional'), models.Q(('awaited', ''), _negated=True)), _connector='OR'), name='parties_provisional_says_what_is_awaited')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(max_length=120)),
                ('language', models.CharField(default='en', max_length=10)),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('role', models.CharField(blank=True, choices=[('chair', 'Chair'), ('secretariat', 'Secretariat'), ('reviewer', 'Reviewer'), ('translator', 'Translator'), ('focal-point', 'Focal Point'), ('expert', 'Expert'), ('operator', 'Operator')], max_length=20)),
                ('origin', models.CharField(blank=True, default='', max_length=3)),
                ('invited_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.body')),
                ('credential', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitation', to='parties.credential')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.member')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('credential__isnull', False), ('role', '')), models.Q(('credential__isnull', True), models.Q(('role', ''), _negated=True)), _connector='OR'), name='parties_invited_to_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('provisional', 'Provisional'), ('full', 'Full'), ('observer', 'Observer')], max_length=12)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('rule', models.CharField(max_length=300)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='parties.body')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='parties.member')),
            ],
            options={
                'ordering': ['body', 'member', 'starts_on'],
                'indexes': [models.Index(fields=['body', 'starts_on'], name='parties_mem_body_id_b07356_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('body', 'member'), name='parties_one_open_membership'), models.UniqueConstraint(fields=('body', 'member', 'starts_on'), name='parties_one_membership_per_start'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='parties_membership_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='states', to='parties.member')),
                ('state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='parties.member')),
            ],
            options={
                'ordering': ['organisation', 'state', 'starts_on'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('organisation', 'state'), name='parties_one_open_seat'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='parties_seat_ends_after_start'), models.CheckConstraint(condition=models.Q(('organisation', models.F('state')), _negated=True), name='parties_no_seat_in_oneself')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('once', models.CharField(max_length=120, unique=True)),
                ('address', models.EmailField(max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('headers', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('queued_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['queued_at'], name='parties_mail_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Proxy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('matter', models.CharField(blank=True, max_length=250)),
                ('rule', models.CharField(max_length=300)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proxies', to='parties.body')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proxies_given', to='parties.member')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proxies_held', to='parties.member')),
            ],
            options={
                'verbose_name_plural': 'proxies',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('body', 'giver', 'matter'), name='parties_one_proxy_per_matter'), models.CheckConstraint(condition=models.Q(('giver', models.F('holder')), _negated=True), name='parties_no_proxy_to_oneself'), models.CheckConstraint(condition=models.Q(('rule', ''), _negated=True), name='parties_proxy_names_its_rule')],
            },
        ),
        migrations.CreateModel(
            name='Recovery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('token_sha256', models.CharField(blank=True, max_length=64)),
                ('granted_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recoveries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'recoveries',
                'constraints': [models.CheckConstraint(condition=models.Q(('first__isnull', True), ('second__isnull', True), models.Q(('first', models.F('second')), _negated=True), _connector='OR'), name='parties_two_different_officers')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('public', 'Public'), ('members', 'Members'), ('committee', 'Committee'), ('delegation', 'Delegation')], default='public', max_length=10)),
                ('audience', models.CharField(blank=True, default='', max_length=80)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('matter', models.CharField(blank=True, max_length=250)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(max_length=20000)),
                ('language', models.CharField(max_length=20)),
                ('made_at', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='parties.body')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='parties.member')),
            ],
            options={
                'ordering': ['-made_at', '-number'],
                'abstract': False,
                'indexes': [models.Index(fields=['body', '-made_at'], name='parties_sta_body_id_471236_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', ''), ('visibility__in', ['public', 'members'])), models.Q(('audience__startswith', 'committee:'), ('visibility', 'committee')), models.Q(('audience__startswith', 'delegation:'), ('visibility', 'delegation')), _connector='OR'), name='parties_statement_audience_fits_circle')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('matter', models.CharField(blank=True, max_length=250)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(max_length=20000)),
                ('language', models.CharField(max_length=20)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('cleared', 'Cleared'), ('sent', 'Sent'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('visibility', models.CharField(choices=[('public', 'Public'), ('members', 'Members'), ('committee', 'Committee'), ('delegation', 'Delegation')], default='members', max_length=10)),
                ('audience', models.CharField(blank=True, default='', max_length=80)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('drafted_at', models.DateTimeField()),
                ('cleared_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('act', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='parties.body')),
                ('cleared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='parties.member')),
            ],
            options={
                'ordering': ['member', '-drafted_at', '-pk'],
                'indexes': [models.Index(fields=['member', 'state'], name='parties_sub_member__8b0ca0_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('act__isnull', False), ('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('act__isnull', True), ('sent_at__isnull', True)), _connector='OR'), name='parties_sent_has_its_act'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cleared'), _negated=True), ('cleared_at__isnull', False), _connector='OR'), name='parties_cleared_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='SubmissionComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(max_length=2000)),
                ('written_at', models.DateTimeField()),
                ('is_settled', models.BooleanField(default=False)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='parties.submission')),
            ],
            options={
                'ordering': ['submission', 'written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SubmissionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(max_length=20000)),
                ('drafted_at', models.DateTimeField()),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='parties.submission')),
            ],
            options={
                'ordering': ['submission', 'number'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'number'), name='parties_one_text_per_version')],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.CharField(choices=[('vote', 'Vote'), ('speak-and-vote', 'Speak And Vote')], max_length=16)),
                ('rule', models.CharField(max_length=300)),
                ('meeting', models.CharField(blank=True, max_length=200)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='parties.body')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='parties.member')),
            ],
            options={
                'ordering': ['body', 'member', 'starts_on'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='parties_suspension_ends_after_start'), models.CheckConstraint(condition=models.Q(('rule', ''), _negated=True), name='parties_suspension_names_its_rule')],
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.body')),
                ('credential', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='parties.credential')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.member')),
            ],
            options={
                'ordering': ['member', 'body', 'starts_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('member', 'body'), name='parties_one_voice_at_a_time'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name='parties_voice_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='VoteInPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('matter', models.CharField(max_length=250)),
                ('rule', models.CharField(max_length=300)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.body')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes_in_place', to='parties.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('organisation', 'matter'), name='parties_one_vote_in_place_per_matter')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='rolegrant',
            name='parties_role_once_per_account',
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='ends_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='origin',
            field=models.CharField(blank=True, default='', max_length=3),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='starts_on',
            field=models.DateField(default=comity.platform.parties.models.accounts.today),
        ),
        migrations.AlterField(
            model_name='rolegrant',
            name='role',
            field=models.CharField(choices=[('chair', 'Chair'), ('secretariat', 'Secretariat'), ('reviewer', 'Reviewer'), ('translator', 'Translator'), ('focal-point', 'Focal Point'), ('expert', 'Expert'), ('operator', 'Operator')], max_length=20),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='body',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='parties.body'),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='parties.member'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('body__isnull', True), ('ends_on__isnull', True), ('member__isnull', True)), fields=('user', 'role'), name='parties_role_once_per_account'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('body__isnull', False), ('ends_on__isnull', True)), fields=('user', 'role', 'body'), name='parties_role_once_per_body'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True), ('member__isnull', False)), fields=('user', 'role', 'member'), name='parties_role_once_per_member'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', False), ('member__isnull', True), ('role__in', ('chair', 'expert'))), models.Q(('body__isnull', True), ('member__isnull', False), ('role__in', ('focal-point',))), models.Q(models.Q(('role__in', ['chair', 'expert', 'focal-point']), _negated=True), ('body__isnull', True), ('member__isnull', True)), _connector='OR'), name='parties_office_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='parties_grant_ends_after_start'),
        ),
    ]
