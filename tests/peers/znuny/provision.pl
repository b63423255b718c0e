# What a Znuny that is to work with Lyhörd needs: fields, a queue, us, somebody who works there, a customer, a web service.
use strict; use warnings; use utf8;
use lib '/usr/share/otrs', '/usr/share/otrs/Kernel/cpan-lib';
use Kernel::System::ObjectManager;
local $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'lyhord' } );
sub of { return $Kernel::OM->Get("Kernel::System::$_[0]") }
sub made { my ( $what, $id ) = @_; die "$what was not made\n" if !$id; return $id }

my $order = 9000;
for my $name (qw(Latitude Longitude LyhordID)) {
    made( $name, of('DynamicField')->DynamicFieldAdd(
        Name => $name, Label => $name, FieldOrder => $order++, FieldType => 'Text', ObjectType => 'Ticket',
        Config => { DefaultValue => '' }, ValidID => 1, UserID => 1,
    ) );
}
made( 'queue', of('Queue')->QueueAdd(
    Name => 'Gata och park', ValidID => 1, GroupID => 1, SystemAddressID => 1, SalutationID => 1, SignatureID => 1,
    FollowUpID => 1, FollowUpLock => 0, Comment => '', UserID => 1,
) );
for my $name (qw(lyhord anna)) {
    my $user = made( $name, of('User')->UserAdd(
        UserFirstname => $name, UserLastname => $name, UserLogin => $name, UserPw => "$name-secret",
        UserEmail => "$name\@post.example", ValidID => 1, ChangeUserID => 1,
    ) );
    of('Group')->PermissionGroupUserAdd(
        GID => 1, UID => $user, UserID => 1,
        Permission => { map { $_ => 1 } qw(ro move_into create note owner priority rw) },
    );
}
of('CustomerCompany')->CustomerCompanyAdd(
    CustomerID => 'invanare', CustomerCompanyName => 'Invånare', ValidID => 1, UserID => 1,
);
made( 'customer', of('CustomerUser')->CustomerUserAdd(
    Source => 'CustomerUser', UserFirstname => 'In', UserLastname => 'Vånare', UserCustomerID => 'invanare',
    UserLogin => 'invanare', UserPassword => 'x-secret', UserEmail => 'invanare@post.example', ValidID => 1, UserID => 1,
) );
my $yaml = of('Main')->FileRead( Location => $ARGV[0], Mode => 'utf8' );
made( 'web service', of('GenericInterface::Webservice')->WebserviceAdd(
    Name => 'Lyhord', Config => of('YAML')->Load( Data => ${$yaml} ), ValidID => 1, UserID => 1,
) );
