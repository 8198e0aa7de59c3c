"""The tables of alignment in one step, for a new instance; one that has made the first seven goes on with what it has.

Left out: what 0005 kept of decisions that were there before, since a new instance has none.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from comity.platform.alignment import index


def make_word_index(apps, schema_editor):
    for statement in index.create(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove_word_index(apps, schema_editor):
    for statement in index.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    replaces = [('alignment', '0001_initial'), ('alignment', '0002_word_index'), ('alignment', '0003_audience'), ('alignment', '0004_member_readings'), ('alignment', '0005_review_by_several'), ('alignment', '0006_versions'), ('alignment', '0007_what_runs_find')]

    initial = True

    dependencies = [
        ('parties', '0007_origins'),
        ('record', '0005_payload_withheld'),
    ]

    operations = [
        migrations.CreateModel(
            name='AlignmentRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('finished_at', models.DateTimeField(null=True)),
                ('embedder', models.CharField(max_length=120)),
                ('maker', models.CharField(max_length=80)),
                ('instruments', models.PositiveIntegerField()),
                ('provisions', models.PositiveIntegerField()),
                ('suggestions', models.PositiveIntegerField()),
                ('input_sha256', models.CharField(max_length=64)),
                ('unsupported_languages', models.JSONField(default=list)),
                ('first_year', models.PositiveSmallIntegerField(null=True)),
                ('undated', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-finished_at'],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.SlugField(max_length=60, primary_key=True, serialize=False)),
                ('facet', models.CharField(max_length=40)),
                ('facet_position', models.PositiveSmallIntegerField()),
                ('position', models.PositiveSmallIntegerField(unique=True)),
                ('labels', models.JSONField()),
                ('definitions', models.JSONField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Instrument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visibility', models.CharField(choices=[('public', 'Public'), ('members', 'Members'), ('committee', 'Committee'), ('delegation', 'Delegation')], default='public', max_length=10)),
                ('audience', models.CharField(blank=True, default='', max_length=80)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('title', models.TextField()),
                ('short_title', models.CharField(max_length=200)),
                ('party', models.CharField(blank=True, max_length=12)),
                ('signatories', models.JSONField(default=list)),
                ('subdivision', models.CharField(blank=True, max_length=10)),
                ('kind', models.CharField(blank=True, choices=[('law', 'law'), ('bill', 'bill'), ('regulation', 'regulation'), ('treaty', 'treaty'), ('resolution', 'resolution'), ('declaration', 'declaration'), ('strategy', 'strategy'), ('framework', 'framework'), ('guideline', 'guideline'), ('standard', 'standard')], max_length=20)),
                ('status', models.CharField(blank=True, choices=[('in-force', 'in-force'), ('adopted', 'adopted'), ('proposed', 'proposed'), ('lapsed', 'lapsed'), ('voluntary', 'voluntary')], max_length=20)),
                ('binding', models.BooleanField(null=True)),
                ('date', models.DateField(null=True)),
                ('language', models.CharField(max_length=20)),
                ('official_url', models.URLField(blank=True, max_length=600)),
                ('basis', models.CharField(choices=[('full-text', 'full-text'), ('partial-text', 'partial-text'), ('unknown', 'unknown')], max_length=20)),
                ('is_summary', models.BooleanField(default=False)),
                ('source_sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('version_since', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['slug'],
                'abstract': False,
                'indexes': [models.Index(fields=['party'], name='alignment_i_party_4ed4bb_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('audience', ''), ('visibility__in', ['public', 'members'])), models.Q(('audience__startswith', 'committee:'), ('visibility', 'committee')), models.Q(('audience__startswith', 'delegation:'), ('visibility', 'delegation')), _connector='OR'), name='alignment_instrument_audience_fits_circle'), models.CheckConstraint(condition=models.Q(models.Q(('party', 'MULTI'), _negated=True), models.Q(('signatories', []), _negated=True), _connector='OR'), name='alignment_multi_has_signatories')],
            },
        ),
        migrations.CreateModel(
            name='LearnedWeights',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmed', models.PositiveIntegerField()),
                ('rejected', models.PositiveIntegerField()),
                ('answers_sha256', models.CharField(max_length=64)),
                ('used', models.BooleanField()),
                ('words', models.FloatField()),
                ('meaning', models.FloatField()),
                ('figures', models.JSONField(default=dict)),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='learned', to='alignment.alignmentrun')),
            ],
        ),
        migrations.CreateModel(
            name='PastVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('facts', models.JSONField()),
                ('source_sha256', models.CharField(max_length=64)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past_versions', to='alignment.instrument')),
            ],
            options={
                'ordering': ['instrument', 'number'],
                'constraints': [models.UniqueConstraint(fields=('instrument', 'number'), name='alignment_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Provision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=120)),
                ('position', models.PositiveIntegerField()),
                ('label', models.CharField(max_length=200)),
                ('heading', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField()),
                ('language', models.CharField(max_length=20)),
                ('modality', models.CharField(blank=True, choices=[('must', 'must'), ('must-not', 'must-not'), ('should', 'should'), ('may', 'may'), ('declares', 'declares')], max_length=10)),
                ('modality_by', models.CharField(blank=True, max_length=60)),
                ('addressees', models.JSONField(default=list)),
                ('addressees_by', models.CharField(blank=True, max_length=60)),
                ('topics_by', models.CharField(blank=True, max_length=60)),
                ('search_words', models.TextField()),
                ('identity', models.CharField(blank=True, default='', max_length=140)),
                ('repealed_in', models.PositiveIntegerField(null=True)),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='provisions', to='alignment.instrument')),
            ],
            options={
                'ordering': ['instrument', 'position'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('repealed_in__isnull', True)), fields=('instrument', 'ref'), name='alignment_ref_once'), models.UniqueConstraint(condition=models.Q(('repealed_in__isnull', True)), fields=('instrument', 'position'), name='alignment_position_once'), models.UniqueConstraint(condition=models.Q(('identity', ''), _negated=True), fields=('instrument', 'identity'), name='alignment_identity_once'), models.CheckConstraint(condition=models.Q(('modality_by', ''), models.Q(('modality', ''), _negated=True), _connector='OR'), name='alignment_a_maker_proposes_a_strength')],
            },
        ),
        migrations.CreateModel(
            name='CrosswalkLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=16, unique=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('disputed', 'Disputed'), ('confirmed', 'Confirmed'), ('rejected', 'Rejected'), ('stale', 'Stale')], default='waiting', max_length=10)),
                ('suggested', models.CharField(choices=[('same', 'Same'), ('broader', 'Broader'), ('narrower', 'Narrower'), ('related', 'Related')], max_length=10)),
                ('relation', models.CharField(blank=True, choices=[('same', 'Same'), ('broader', 'Broader'), ('narrower', 'Narrower'), ('related', 'Related')], max_length=10)),
                ('maker', models.CharField(max_length=80)),
                ('score', models.FloatField()),
                ('cosine', models.FloatField(null=True)),
                ('shared_topics', models.JSONField(default=list)),
                ('shared_terms', models.JSONField(default=list)),
                ('a', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_from', to='alignment.provision')),
                ('b', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_to', to='alignment.provision')),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-score', 'name'], name='alignment_c_state_cd8692_idx')],
                'constraints': [models.UniqueConstraint(fields=('a', 'b'), name='alignment_pair_once'), models.CheckConstraint(condition=models.Q(('a', models.F('b')), _negated=True), name='alignment_pair_of_two'), models.CheckConstraint(condition=models.Q(models.Q(('relation__in', ['same', 'broader', 'narrower', 'related']), ('state', 'confirmed')), models.Q(('relation', ''), ('state__in', ['waiting', 'disputed', 'rejected'])), ('state', 'stale'), _connector='OR'), name='alignment_relation_only_when_confirmed')],
            },
        ),
        migrations.CreateModel(
            name='LinkReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('confirmed', 'confirmed'), ('rejected', 'rejected'), ('upheld', 'upheld')], max_length=10)),
                ('relation', models.CharField(blank=True, choices=[('same', 'Same'), ('broader', 'Broader'), ('narrower', 'Narrower'), ('related', 'Related')], max_length=10)),
                ('decided_at', models.DateTimeField()),
                ('a_version', models.PositiveIntegerField(default=1)),
                ('b_version', models.PositiveIntegerField(default=1)),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='record.act')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='alignment.crosswalklink')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['decided_at'],
            },
        ),
        migrations.CreateModel(
            name='PastProvision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=120)),
                ('position', models.PositiveIntegerField()),
                ('label', models.CharField(max_length=200)),
                ('heading', models.CharField(blank=True, max_length=500)),
                ('text', models.TextField()),
                ('language', models.CharField(max_length=20)),
                ('modality', models.CharField(blank=True, max_length=10)),
                ('addressees', models.JSONField(default=list)),
                ('topics', models.JSONField(default=list)),
                ('topics_by', models.CharField(blank=True, max_length=60)),
                ('became', models.CharField(choices=[('unchanged', 'unchanged'), ('reworded', 'reworded'), ('renumbered', 'renumbered'), ('moved', 'moved'), ('changed', 'changed'), ('split', 'split'), ('merged', 'merged'), ('added', 'added'), ('repealed', 'repealed')], max_length=12)),
                ('went_to', models.JSONField(default=list)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provisions', to='alignment.pastversion')),
                ('provision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past', to='alignment.provision')),
            ],
            options={
                'ordering': ['version', 'position'],
                'constraints': [models.UniqueConstraint(fields=('version', 'ref'), name='alignment_past_ref_once'), models.UniqueConstraint(fields=('version', 'provision'), name='alignment_past_provision_once')],
            },
        ),
        migrations.CreateModel(
            name='FruitlessSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(blank=True, max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('own_digest', models.CharField(max_length=64)),
                ('searched', models.JSONField()),
                ('means', models.JSONField()),
                ('rejected', models.JSONField(default=list)),
                ('entered_at', models.DateTimeField()),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='record.act')),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instrument', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='alignment.instrument')),
                ('provision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fruitless_searches', to='alignment.provision')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('instrument__isnull', False), ('party', '')), models.Q(('instrument__isnull', True), models.Q(('party', ''), _negated=True)), _connector='OR'), name='alignment_searched_in_one_place')],
            },
        ),
        migrations.CreateModel(
            name='Cluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clusters', to='alignment.alignmentrun')),
                ('central', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='alignment.provision')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'central'), name='alignment_central_once')],
            },
        ),
        migrations.CreateModel(
            name='ReviewRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(unique=True)),
                ('reviewers', models.PositiveSmallIntegerField()),
                ('regions', models.PositiveSmallIntegerField()),
                ('own_count', models.BooleanField()),
                ('entered_at', models.DateTimeField()),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='record.act')),
            ],
            options={
                'ordering': ['version'],
                'constraints': [models.CheckConstraint(condition=models.Q(('regions__lte', models.F('reviewers')), ('reviewers__gte', 1)), name='alignment_rule_can_be_met')],
            },
        ),
        migrations.CreateModel(
            name='StaleMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('unchanged', 'unchanged'), ('reworded', 'reworded'), ('renumbered', 'renumbered'), ('moved', 'moved'), ('changed', 'changed'), ('split', 'split'), ('merged', 'merged'), ('added', 'added'), ('repealed', 'repealed')], max_length=12)),
                ('version', models.PositiveIntegerField()),
                ('marked_at', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='alignment.crosswalklink')),
                ('provision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alignment.provision')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='record.act')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('link', 'provision', 'version'), name='alignment_stale_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='StatedNone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.CharField(max_length=3)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='record.act')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alignment.topic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'topic'), name='alignment_none_once')],
            },
        ),
        migrations.CreateModel(
            name='ProvisionTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('chance', models.FloatField(null=True)),
                ('provision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topic_marks', to='alignment.provision')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='alignment.topic')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('provision', 'topic'), name='alignment_topic_once'), models.CheckConstraint(condition=models.Q(('chance__isnull', True), models.Q(('chance__gte', 0), ('chance__lte', 1)), _connector='OR'), name='alignment_chance_of_a_topic')],
            },
        ),
        migrations.CreateModel(
            name='ConvergenceYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('level', models.CharField(max_length=24)),
                ('members', models.PositiveSmallIntegerField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='alignment.alignmentrun')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='alignment.topic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'topic', 'year', 'level'), name='alignment_year_once'), models.CheckConstraint(condition=models.Q(('members__gt', 0)), name='alignment_year_has_members')],
            },
        ),
        migrations.CreateModel(
            name='ConvergenceCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.CharField(max_length=3)),
                ('level', models.CharField(max_length=24)),
                ('own', models.CharField(blank=True, max_length=24)),
                ('through', models.JSONField(default=list)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='alignment.alignmentrun')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='alignment.topic')),
            ],
            options={
                'indexes': [models.Index(fields=['run', 'topic', 'level'], name='alignment_c_run_id_40c981_idx')],
                'constraints': [models.UniqueConstraint(fields=('run', 'topic', 'member'), name='alignment_cell_once')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(max_length=32, unique=True)),
                ('file_name', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('language', models.CharField(blank=True, max_length=20)),
                ('sent_at', models.DateTimeField()),
                ('found', models.JSONField(null=True)),
                ('problem', models.TextField(blank=True)),
                ('instrument', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='alignment.instrument')),
            ],
            options={
                'ordering': ['-sent_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('found__isnull', True), ('problem', ''), _connector='OR'), name='alignment_found_or_refused'), models.CheckConstraint(condition=models.Q(('instrument__isnull', True), ('problem', ''), _connector='OR'), name='alignment_taken_in_was_not_refused')],
            },
        ),
        migrations.CreateModel(
            name='ClusterHolding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holdings', to='alignment.cluster')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='alignment.crosswalklink')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('cluster', 'link'), name='alignment_holding_once')],
            },
        ),
        migrations.CreateModel(
            name='LinkAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('same', 'Same'), ('broader', 'Broader'), ('narrower', 'Narrower'), ('related', 'Related'), ('none', 'None'), ('cannot-say', 'Cannot Say')], max_length=10)),
                ('first', models.CharField(choices=[('same', 'Same'), ('broader', 'Broader'), ('narrower', 'Narrower'), ('related', 'Related'), ('none', 'None'), ('cannot-say', 'Cannot Say')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('region', models.CharField(blank=True, max_length=3)),
                ('is_own', models.BooleanField(default=False)),
                ('a_version', models.PositiveIntegerField(default=1)),
                ('b_version', models.PositiveIntegerField(default=1)),
                ('given_at', models.DateTimeField()),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='alignment.crosswalklink')),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['given_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('link', 'reviewer'), name='alignment_one_answer_per_reviewer')],
            },
        ),
        migrations.CreateModel(
            name='LinkReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reading', models.CharField(choices=[('confirms', 'Confirms'), ('differs', 'Differs')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('language', models.CharField(max_length=20)),
                ('given_at', models.DateTimeField()),
                ('a_version', models.PositiveIntegerField(default=1)),
                ('b_version', models.PositiveIntegerField(default=1)),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='record.act')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='alignment.crosswalklink')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.member')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reading', 'confirms'), ('text', '')), models.Q(('reading', 'differs'), models.Q(('text', ''), _negated=True)), _connector='OR'), name='alignment_a_differing_reading_says_how')],
            },
        ),
        migrations.RunPython(make_word_index, remove_word_index),
    ]
